package io.yima.limits;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** Counts what each caller has under way, and lets it have so much and no more. */
final class OpenRequests {

  private final int most;
  private final ConcurrentHashMap<String, Integer> open = new ConcurrentHashMap<>();

  /**
   * @param most how many at once; 0 for no limit
   */
  OpenRequests(int most) {
    this.most = most;
  }

  /** A place that is held until it is given back, however often that is said. */
  final class Place {

    private final String caller;
    private final AtomicBoolean held = new AtomicBoolean(true);

    private Place(String caller) {
      this.caller = caller;
    }

    void giveBack() {
      if (held.compareAndSet(true, false)) {
        // An entry goes with its last place, so that only callers who are here take memory.
        open.computeIfPresent(caller, (same, count) -> count == 1 ? null : count - 1);
      }
    }
  }

  /** Takes a place; null when the caller has all of its own. */
  @Nullable Place take(String caller) {
    AtomicBoolean taken = new AtomicBoolean();
    open.compute(
        caller,
        (same, count) -> {
          int before = count == null ? 0 : count;
          taken.set(most == 0 || before < most);
          return taken.get() ? Integer.valueOf(before + 1) : count;
        });
    return taken.get() ? new Place(caller) : null;
  }

  /** How many callers have something under way. */
  int callers() {
    return open.size();
  }
}
