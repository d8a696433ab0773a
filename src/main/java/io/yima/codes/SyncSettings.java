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
public class SyncSettings {

  private final Lease lease;
  private final SyncSchedule schedule;
  private final Duration pollEvery;
  private final double shareForQuestions;

  SyncSettings(SyncConfig config, WeChatConfig calls) {
    CheckedSetting.positive("YIMA_SYNC_POLL_EVERY", config.pollEvery());
    CheckedSetting.positive("YIMA_SYNC_FIRST_AFTER", config.firstAfter());
    CheckedSetting.positive("YIMA_SYNC_STUCK_AFTER", config.stuckAfter());
    if (config.maxInterval().compareTo(config.firstAfter()) < 0) {
      throw new IllegalStateException(
          "YIMA_SYNC_MAX_INTERVAL is %s but must not be shorter than YIMA_SYNC_FIRST_AFTER (%s)."
              .formatted(config.maxInterval(), config.firstAfter()));
    }
    if (!(config.quotaReserve() >= 0 && config.quotaReserve() < 1)) {
      throw new IllegalStateException(
          ("YIMA_SYNC_QUOTA_RESERVE is %s but must be at least 0 and less than 1:"
                  + " it is the share of a daily quota that is kept for people.")
              .formatted(config.quotaReserve()));
    }
    shareForQuestions = 1 - config.quotaReserve();
    lease = Lease.checked("YIMA_SYNC_LEASE", config.lease(), calls.timeout());
    pollEvery = config.pollEvery();
    schedule =
        new SyncSchedule(
            config.firstAfter(), config.maxInterval(), config.stuckAfter(), new SecureRandom());
  }

  /** Of claims of applications and slices. */
  public Lease lease() {
    return lease;
  }

  /** When to turn to WeChat next. */
  public SyncSchedule schedule() {
    return schedule;
  }

  /** Which share of a merchant's daily quota questions that nobody waits for may use. */
  double shareForQuestions() {
    return shareForQuestions;
  }

  /** How often an idle node looks for what is due. */
  public Duration pollEvery() {
    return pollEvery;
  }
}
