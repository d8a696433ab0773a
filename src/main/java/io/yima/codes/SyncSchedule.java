package io.yima.codes;

import io.yima.quota.ShanghaiDay;
import io.yima.work.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * When to turn to WeChat next about an application. Waits are shortened at random by up to a tenth,
 * so that what was ordered together is not asked about together.
 */
public record SyncSchedule(
    Duration firstAfter, Duration maxInterval, Duration stuckAfter, RandomGenerator random) {

  private static final Duration WHEN_STUCK = Duration.ofHours(6);
  private static final Duration WHEN_BLOCKED = Duration.ofHours(1);
  private static final Duration AFTER_MIDNIGHT = Duration.ofMinutes(5);
  private static final Duration AFTER_PAUSE = Duration.ofMinutes(1);

  Instant afterSubmission(Instant now) {
    return now.plus(firstAfter);
  }

  /** Half as long as nothing has moved already, within limits; rarely once it is stuck. */
  Instant afterAnswer(Instant progressedAt, Instant now) {
    Duration still = Duration.between(progressedAt, now);
    return now.plus(shortened(isTooLong(still) ? WHEN_STUCK : limited(still.dividedBy(2))));
  }

  /** Later after each failure, within limits. */
  public Instant afterFailures(int attempts, Instant now) {
    return now.plus(new Backoff(firstAfter, maxInterval).after(attempts, random));
  }

  /** {@link #afterFailures(int, Instant)}, but rarely once it is stuck. */
  Instant afterFailures(int attempts, Instant progressedAt, Instant now) {
    return isTooLong(Duration.between(progressedAt, now))
        ? now.plus(shortened(WHEN_STUCK))
        : afterFailures(attempts, now);
  }

  /** Rarely: a person has to mend something first. */
  public Instant whenBlocked(Instant now) {
    return now.plus(shortened(WHEN_BLOCKED));
  }

  /** When a quota is there again that WeChat says is used up. */
  public Instant afterRefusal(Instant now) {
    Instant midnight = ShanghaiDay.afterRefusal(now);
    return soonAfter(midnight.isAfter(now) ? midnight : now);
  }

  /** Soon after an instant at which many become free at once. */
  public Instant soonAfter(Instant free) {
    return free.plusMillis(random.nextLong(AFTER_MIDNIGHT.toMillis()));
  }

  /** After a pause of one merchant's calls, and again not all at once. */
  Instant afterPause(Instant ended) {
    return ended.plusMillis(random.nextLong(AFTER_PAUSE.toMillis()));
  }

  /** Whether a person should look at it. */
  boolean isStuck(Progress progress, Instant now) {
    return progress.state().unfinished()
        && (progress.sync().blocked() || isTooLong(Duration.between(progress.progressedAt(), now)));
  }

  /** What has not progressed since then counts as stuck. */
  Instant stuckSince(Instant now) {
    return now.minus(stuckAfter);
  }

  private boolean isTooLong(Duration still) {
    return still.compareTo(stuckAfter) >= 0;
  }

  private Duration limited(Duration wait) {
    if (wait.compareTo(firstAfter) < 0) {
      return firstAfter;
    }
    return wait.compareTo(maxInterval) > 0 ? maxInterval : wait;
  }

  private Duration shortened(Duration wait) {
    return wait.minusMillis(random.nextLong(wait.toMillis() / 10 + 1));
  }
}
