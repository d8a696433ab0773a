package io.yima.wechat;

import io.yima.wechat.Circuit.State;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Who may call WeChat now. The number of calls under way on this node follows how WeChat copes; the
 * most urgent of those who wait enters first, and in order among equals; background work leaves a
 * fifth free. While the circuit is open nobody waits, but is told at once.
 *
 * <p>One for the one host that all calls of this node go to.
 */
final class InFlight {

  private static final String TOO_MANY = "too many calls to WeChat are under way";
  private static final String HELD_BACK =
      "WeChat has been failing: calls are held back until it answers again";

  /** What asking to enter came to. */
  sealed interface Entry {

    /** A call may be made; then the place is left. */
    record Place(Urgency urgency, long round, long period) implements Entry {}

    /** None may be made. */
    record Refused(String why) implements Entry {}
  }

  private static final class Waiter {
    private final Condition called;
    private @Nullable Entry entry;

    Waiter(Condition called) {
      this.called = called;
    }

    void call(Entry result) {
      entry = result;
      called.signal();
    }
  }

  private final ReentrantLock lock = new ReentrantLock();
  private final Bound bound;
  private final Circuit circuit;
  private final Map<Urgency, Deque<Waiter>> waiters = new EnumMap<>(Urgency.class);
  private final Map<Urgency, Integer> underWay = new EnumMap<>(Urgency.class);

  InFlight(Bound bound, Circuit circuit) {
    this.bound = bound;
    this.circuit = circuit;
    for (Urgency urgency : Urgency.values()) {
      waiters.put(urgency, new ArrayDeque<>());
      underWay.put(urgency, 0);
    }
  }

  /** Waits for a place no longer than there is time to start. */
  Entry enter(Deadline deadline) {
    Urgency urgency = deadline.urgency();
    lock.lock();
    try {
      return switch (circuit.state()) {
        case OPEN -> new Entry.Refused(HELD_BACK);
        case HALF_OPEN -> circuit.probesLeft() > 0 ? take(urgency) : new Entry.Refused(HELD_BACK);
        case CLOSED -> hasPlace(urgency) && nobodyBefore(urgency) ? take(urgency) : await(deadline);
      };
    } finally {
      lock.unlock();
    }
  }

  void leave(Entry.Place place, Sign sign) {
    lock.lock();
    try {
      underWay.merge(place.urgency(), -1, Integer::sum);
      // Probes are few and say nothing about how much WeChat can bear.
      if (circuit.state() == State.CLOSED) {
        bound.end(place.round(), sign);
      }
      circuit.end(place.period(), sign);
      if (circuit.state() == State.CLOSED) {
        letIn();
      } else {
        sendAway();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * How many pieces of work of this urgency may be under way beside what is more urgent: twice what
   * can be called at once, so that places stay taken while results are written and more is claimed;
   * none while the circuit is open, a few when WeChat is tried again.
   */
  int capacity(Urgency urgency) {
    return counted(
        () ->
            switch (circuit.state()) {
              case OPEN -> 0;
              case HALF_OPEN -> Math.max(0, circuit.probesLeft());
              case CLOSED -> 2 * Math.max(0, share(urgency));
            });
  }

  int count() {
    return counted(() -> underWay.values().stream().mapToInt(Integer::intValue).sum());
  }

  int count(Urgency urgency) {
    return counted(() -> underWay.getOrDefault(urgency, 0));
  }

  int waiting(Urgency urgency) {
    return counted(() -> queue(urgency).size());
  }

  int limit() {
    return counted(bound::limit);
  }

  State circuit() {
    lock.lock();
    try {
      return circuit.state();
    } finally {
      lock.unlock();
    }
  }

  private Entry await(Deadline deadline) {
    Waiter waiter = new Waiter(lock.newCondition());
    queue(deadline.urgency()).add(waiter);
    try {
      long left = deadline.remaining().toNanos();
      while (waiter.entry == null && left > 0) {
        left = waiter.called.awaitNanos(left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (waiter.entry != null) {
      return waiter.entry;
    }
    queue(deadline.urgency()).remove(waiter);
    return new Entry.Refused(TOO_MANY);
  }

  private Entry.Place take(Urgency urgency) {
    underWay.merge(urgency, 1, Integer::sum);
    return new Entry.Place(urgency, bound.begin(), circuit.begin());
  }

  private void letIn() {
    for (Urgency urgency : Urgency.values()) {
      while (hasPlace(urgency) && !queue(urgency).isEmpty()) {
        queue(urgency).remove().call(take(urgency));
      }
    }
  }

  private void sendAway() {
    for (Deque<Waiter> queue : waiters.values()) {
      queue.forEach(waiter -> waiter.call(new Entry.Refused(HELD_BACK)));
      queue.clear();
    }
  }

  private boolean hasPlace(Urgency urgency) {
    return count() < bound.limit()
        && (!urgency.background() || inBackground() < bound.background());
  }

  private boolean nobodyBefore(Urgency urgency) {
    for (Urgency other : Urgency.values()) {
      if (other.compareTo(urgency) <= 0 && !queue(other).isEmpty()) {
        return false;
      }
    }
    return true;
  }

  private int inBackground() {
    return count() - underWay.getOrDefault(Urgency.INTERACTIVE, 0);
  }

  /** The places that more urgent work leaves to this one. */
  private int share(Urgency urgency) {
    int interactive = busy(Urgency.INTERACTIVE);
    if (!urgency.background()) {
      return bound.limit();
    }
    int left = Math.min(bound.background(), bound.limit() - interactive);
    for (Urgency other : Urgency.values()) {
      if (other.background() && other.compareTo(urgency) < 0) {
        left -= busy(other);
      }
    }
    return left;
  }

  private int busy(Urgency urgency) {
    return underWay.getOrDefault(urgency, 0) + queue(urgency).size();
  }

  private Deque<Waiter> queue(Urgency urgency) {
    return waiters.getOrDefault(urgency, new ArrayDeque<>());
  }

  private int counted(IntSupplier figure) {
    lock.lock();
    try {
      return figure.getAsInt();
    } finally {
      lock.unlock();
    }
  }
}
