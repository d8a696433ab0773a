package io.yima.provider;

import java.time.Duration;
import java.time.Instant;

/** How long a verify ticket may be used, and when one is missed [TICKET]. */
final class TicketTimes {

  /** WeChat pushes one every 10 minutes; two that did not come are no coincidence. */
  static final Duration OLD_AFTER = Duration.ofMinutes(30);

  static final Duration USABLE = Duration.ofHours(12);

  /** Between two requests to WeChat to push again. */
  static final Duration BETWEEN_REQUESTS = Duration.ofMinutes(10);

  private TicketTimes() {}

  static boolean isUsable(Instant receivedAt, Instant now) {
    return now.isBefore(receivedAt.plus(USABLE));
  }

  /** When a push is asked for, unless a ticket arrives before. */
  static Instant checkAfter(Instant receivedOrRegistered) {
    return receivedOrRegistered.plus(OLD_AFTER);
  }
}
