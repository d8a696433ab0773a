package io.yima.sandbox;

import io.yima.sandbox.World.PendingPush;
import io.yima.sandbox.World.Platform;
import io.yima.sandbox.World.PushResult;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * Delivers authorization events, for each platform one after the other in the order they happened.
 * An event that is not answered {@code success} is tried three times more and then lost, as real
 * ones are.
 */
final class EventPusher {

  private static final int MOST_ATTEMPTS = 4;
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final Store store;
  private final PushSender sender;
  private final Background background;
  private final Set<String> busy = ConcurrentHashMap.newKeySet();

  EventPusher(Store store, PushSender sender, Background background) {
    this.store = store;
    this.sender = sender;
    this.background = background;
  }

  /** Puts an event behind the others; call inside a change, and {@link #wake} after it. */
  static void enqueue(World w, String component, String infoType, String xml) {
    if (w.settings.pushEvents()) {
      PendingPush push = new PendingPush();
      push.id = w.nextPushId++;
      push.componentAppid = component;
      push.infoType = infoType;
      push.xml = xml;
      w.outbox.add(push);
    }
  }

  /** Delivers what a former process left. */
  void wakeAll() {
    store
        .read(w -> w.outbox.stream().map(p -> p.componentAppid).distinct().toList())
        .forEach(this::wake);
  }

  void wake(String component) {
    if (busy.add(component)) {
      background.run(() -> drain(component));
    }
  }

  private void drain(String component) {
    Next next = next(component);
    while (next != null) {
      PushResult result = sender.send(next.target, next.infoType, next.xml, next.attempt);
      if (!record(next, result)) {
        background.after(PAUSE, () -> drain(component));
        return;
      }
      next = next(component);
    }
    busy.remove(component);
    // Something may have come between the last look and this line.
    if (next(component) != null) {
      wake(component);
    }
  }

  private record Next(
      long id, PushSender.Target target, String infoType, String xml, int attempt) {}

  private @Nullable Next next(String component) {
    return store.read(
        w -> {
          Platform platform = w.platforms.get(component);
          if (platform == null) {
            return null;
          }
          for (PendingPush push : w.outbox) {
            if (push.componentAppid.equals(component)) {
              return new Next(
                  push.id,
                  PushSender.Target.of(platform),
                  push.infoType,
                  push.xml,
                  push.attempts + 1);
            }
          }
          return null;
        });
  }

  /** Notes the outcome; true when the event is done with, delivered or lost. */
  private boolean record(Next next, PushResult result) {
    boolean done = result.ok() || next.attempt >= MOST_ATTEMPTS;
    return store.change(
        w -> {
          Platform platform = w.platforms.get(next.target.appid());
          if (platform != null) {
            platform.lastEventPush = result;
          }
          if (done) {
            w.outbox.removeIf(p -> p.id == next.id);
          } else {
            w.outbox.stream().filter(p -> p.id == next.id).forEach(p -> p.attempts++);
          }
          return done;
        });
  }
}
