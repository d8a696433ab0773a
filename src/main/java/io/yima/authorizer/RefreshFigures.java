package io.yima.authorizer;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How well tokens were renewed in time, as metrics. Time to live cannot be one distribution,
 * because a negative time is none: what was left and what was missing are two.
 */
@Singleton
class RefreshFigures {

  private static final Duration[] AGES =
      minutes(1, 5, 15, 30, 60, 75, 90, 100, 110, 115, 120, 180, 720);
  private static final Duration[] LATENESS = {
    Duration.ofMillis(250),
    Duration.ofMillis(500),
    Duration.ofSeconds(1),
    Duration.ofSeconds(2),
    Duration.ofSeconds(5),
    Duration.ofSeconds(15),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5),
    Duration.ofMinutes(15),
    Duration.ofHours(1)
  };
  private static final Duration[] LEFT = minutes(1, 5, 10, 15, 20, 25, 30, 45, 60, 120);
  private static final Duration[] GAPS = {
    Duration.ofSeconds(1),
    Duration.ofSeconds(10),
    Duration.ofMinutes(1),
    Duration.ofMinutes(5),
    Duration.ofMinutes(30),
    Duration.ofHours(2),
    Duration.ofDays(1)
  };

  private final Timer age;
  private final Timer lateness;
  private final Timer left;
  private final Timer gap;

  RefreshFigures(MeterRegistry registry) {
    age = timer(registry, "yima_token_age", "How old tokens were when they were replaced", AGES);
    lateness =
        timer(
            registry,
            "yima_token_refresh_lateness",
            "From when a renewal fell due to when the new token was stored",
            LATENESS);
    left =
        timer(
            registry,
            "yima_token_life_left",
            "For how long tokens were still valid when they were replaced",
            LEFT);
    gap =
        timer(
            registry,
            "yima_token_gap",
            "For how long there was no valid token, where one had expired before it was replaced",
            GAPS);
  }

  /** A token was stored in the place of the one that was claimed. */
  void replaced(ClaimedToken claim, Instant now) {
    Instant due = claim.nextRefreshAt();
    if (due != null && !due.isAfter(now)) {
      lateness.record(Duration.between(due, now));
    }
    Instant expiresAt = claim.expiresAt();
    if (claim.accessToken() == null || expiresAt == null) {
      // The merchant's first one.
      return;
    }
    record(age, claim.refreshedAt(), now);
    if (expiresAt.isAfter(now)) {
      left.record(Duration.between(now, expiresAt));
    } else {
      gap.record(Duration.between(expiresAt, now));
    }
  }

  private static void record(Timer timer, @Nullable Instant from, Instant to) {
    if (from != null && !from.isAfter(to)) {
      timer.record(Duration.between(from, to));
    }
  }

  private static Timer timer(
      MeterRegistry registry, String name, String description, Duration... buckets) {
    return Timer.builder(name)
        .description(description)
        .serviceLevelObjectives(buckets)
        .register(registry);
  }

  private static Duration[] minutes(long... minutes) {
    Duration[] durations = new Duration[minutes.length];
    for (int i = 0; i < minutes.length; i++) {
      durations[i] = Duration.ofMinutes(minutes[i]);
    }
    return durations;
  }
}
