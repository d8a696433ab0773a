package io.yima.callback;

import io.yima.work.Backoff;
import io.yima.work.LastError;
import java.time.Duration;

/** What handling a push came to. */
sealed interface Handling {

  /** Over; the outcome is a stable word. */
  record Done(String outcome) implements Handling {}

  /** Again later, and how much later after each failure. */
  record Postponed(LastError error, Backoff backoff) implements Handling {

    private static final Backoff USUAL = new Backoff(Duration.ofSeconds(5), Duration.ofMinutes(10));

    Postponed(LastError error) {
      this(error, USUAL);
    }
  }
}
