package io.yima.sandbox;

import io.yima.sandbox.World.Platform;
import io.yima.sandbox.World.PushResult;
import io.yima.sandbox.World.Ticket;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Pushes each platform its verify ticket every ten minutes of the sandbox's clock; every second of
 * real time until the platform has acknowledged one, so that a platform that starts later than the
 * sandbox does not wait.
 */
final class TicketPusher {

  private static final Duration IMPATIENCE = Duration.ofSeconds(1);

  private final Store store;
  private final PushSender sender;
  private final Background background;
  private final Map<String, Lock> pushing = new ConcurrentHashMap<>();
  private final Map<String, Long> attempted = new ConcurrentHashMap<>();

  TicketPusher(Store store, PushSender sender, Background background) {
    this.store = store;
    this.sender = sender;
    this.background = background;
  }

  /** Looks whose ticket is due. */
  void tick() {
    Instant now = store.now();
    List<String> due =
        store.read(
            w ->
                w.platforms.values().stream()
                    .filter(p -> p.ticketPushing && isDue(p, now))
                    .map(p -> p.componentAppid)
                    .toList());
    for (String component : due) {
      background.run(() -> pushIfDue(component));
    }
  }

  private void pushIfDue(String component) {
    Lock lock = lock(component);
    // Whoever holds it pushes, and then it is not due.
    if (lock.tryLock()) {
      try {
        Instant now = store.now();
        boolean due =
            store.read(
                w -> {
                  Platform platform = w.platforms.get(component);
                  return platform != null && platform.ticketPushing && isDue(platform, now);
                });
        if (due) {
          pushNext(component, false);
        }
      } finally {
        lock.unlock();
      }
    }
  }

  private boolean isDue(Platform platform, Instant now) {
    if (platform.ticketAcknowledged || platform.ticketPushes == 0) {
      return !now.isBefore(platform.nextTicketAt);
    }
    Long last = attempted.get(platform.componentAppid);
    return last == null || System.nanoTime() - last >= IMPATIENCE.toNanos();
  }

  /**
   * Pushes now and waits for the answer; a fresh ticket, or by WeChat's habit now and then the
   * same.
   */
  PushResult push(String component, boolean fresh) {
    Lock lock = lock(component);
    lock.lock();
    try {
      return pushNext(component, fresh);
    } finally {
      lock.unlock();
    }
  }

  /** Stops or starts the regular pushes; of those before, none is under way any more. */
  void regularly(String component, boolean pushing) {
    Lock lock = lock(component);
    lock.lock();
    try {
      store.change(w -> require(w, component).ticketPushing = pushing);
    } finally {
      lock.unlock();
    }
  }

  private Lock lock(String component) {
    return pushing.computeIfAbsent(component, _ -> new ReentrantLock());
  }

  private PushResult pushNext(String component, boolean fresh) {
    attempted.put(component, System.nanoTime());
    Instant now = store.now();
    record Prepared(PushSender.Target target, String ticket, int attempt) {}
    Prepared prepared =
        store.change(
            w -> {
              Platform platform = require(w, component);
              String ticket = nextTicket(w, platform, fresh, now);
              platform.nextTicketAt = now.plus(w.settings.ticketEvery());
              platform.ticketPushes++;
              return new Prepared(PushSender.Target.of(platform), ticket, platform.ticketPushes);
            });
    PushResult result =
        sender.send(
            prepared.target(),
            "component_verify_ticket",
            EventXml.ticket(component, prepared.ticket(), now),
            prepared.attempt());
    return store.change(
        w -> {
          Platform platform = w.platforms.get(component);
          if (platform != null) {
            platform.lastTicketPush = result;
            platform.ticketAcknowledged |= result.ok();
          }
          return result;
        });
  }

  private static String nextTicket(World w, Platform platform, boolean fresh, Instant now) {
    platform.tickets.removeIf(
        t -> t.pushedAt().plus(w.settings.ticketLife().multipliedBy(2)).isBefore(now));
    boolean again =
        !platform.ticketAcknowledged || (w.settings.odd() && platform.ticketPushes % 2 == 1);
    if (!fresh && again && !platform.tickets.isEmpty()) {
      Ticket last = platform.tickets.removeLast();
      platform.tickets.add(new Ticket(last.value(), now));
      return last.value();
    }
    String ticket = Mint.ticket();
    platform.tickets.add(new Ticket(ticket, now));
    return ticket;
  }

  private static Platform require(World w, String component) {
    if (!w.platforms.containsKey(component)) {
      throw new BadControl(404, "no such platform: " + component);
    }
    return Objects.requireNonNull(w.platforms.get(component));
  }
}
