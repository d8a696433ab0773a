package io.yima.codes;

import io.quarkus.runtime.Startup;
import io.yima.wechat.WeChatConfig;
import io.yima.work.CheckedSetting;
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

  SyncSettings(SyncConfig config, WeChatConfig calls) {
    CheckedSetting.positive("YIMA_SYNC_POLL_EVERY", config.pollEvery());
    CheckedSetting.positive("YIMA_SYNC_FIRST_AFTER", config.firstAfter());
    CheckedSetting.positive("YIMA_SYNC_STUCK_AFTER", config.stuckAfter());
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
}
