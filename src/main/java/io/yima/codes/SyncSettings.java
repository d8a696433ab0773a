package io.yima.codes;

import io.quarkus.runtime.Startup;
import io.yima.work.Lease;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;

/** The settings of this room, checked when the application starts. */
@Startup
@Singleton
class SyncSettings {

  private final Lease lease;
  private final SyncSchedule schedule;
  private final Duration pollEvery;

  SyncSettings(SyncConfig config, CallTimeout calls) {
    positive("YIMA_SYNC_POLL_EVERY", config.pollEvery());
    positive("YIMA_SYNC_FIRST_AFTER", config.firstAfter());
    positive("YIMA_SYNC_STUCK_AFTER", config.stuckAfter());
    if (config.maxInterval().compareTo(config.firstAfter()) < 0) {
      throw new IllegalStateException(
          "YIMA_SYNC_MAX_INTERVAL is %s but must not be shorter than YIMA_SYNC_FIRST_AFTER (%s)."
              .formatted(config.maxInterval(), config.firstAfter()));
    }
    lease = Lease.checked("YIMA_SYNC_LEASE", config.lease(), calls.timeout());
    pollEvery = config.pollEvery();
    schedule =
        new SyncSchedule(
            config.firstAfter(), config.maxInterval(), config.stuckAfter(), new SecureRandom());
  }

  Lease lease() {
    return lease;
  }

  SyncSchedule schedule() {
    return schedule;
  }

  Duration pollEvery() {
    return pollEvery;
  }

  private static void positive(String setting, Duration duration) {
    if (duration.isNegative() || duration.isZero()) {
      throw new IllegalStateException(
          "%s is %s but must be longer than nothing, such as PT5S.".formatted(setting, duration));
    }
  }
}
