package io.yima.limits;

import io.quarkus.runtime.Startup;
import io.yima.work.CheckedSetting;
import jakarta.inject.Singleton;
import java.time.Duration;

/** The settings of this room, checked when the application starts. */
@Startup
@Singleton
class LimitSettings {

  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);

  private final Rate perKey;
  private final Rate perAddress;
  private final Rate pages;
  private final Rate pushes;
  private final Rate failures;
  private final int openRequests;
  private final Duration headWithin;
  private final Duration bodyWithin;

  LimitSettings(LimitsConfig config) {
    perKey = rate("YIMA_LIMITS_REQUESTS_PER_KEY", config.requestsPerKey(), SECOND);
    perAddress = rate("YIMA_LIMITS_REQUESTS_PER_ADDRESS", config.requestsPerAddress(), SECOND);
    pages = rate("YIMA_LIMITS_PAGES_PER_ADDRESS", config.pagesPerAddress(), MINUTE);
    pushes = rate("YIMA_LIMITS_PUSHES_PER_ADDRESS", config.pushesPerAddress(), SECOND);
    failures = rate("YIMA_LIMITS_FAILED_AUTHENTICATIONS", config.failedAuthentications(), MINUTE);
    openRequests = notNegative("YIMA_LIMITS_OPEN_REQUESTS", config.openRequests());
    headWithin = CheckedSetting.positive("YIMA_LIMITS_HEAD_WITHIN", config.headWithin());
    bodyWithin = CheckedSetting.positive("YIMA_LIMITS_BODY_WITHIN", config.bodyWithin());
  }

  Rate perKey() {
    return perKey;
  }

  Rate perAddress() {
    return perAddress;
  }

  Rate pages() {
    return pages;
  }

  Rate pushes() {
    return pushes;
  }

  Rate failures() {
    return failures;
  }

  int openRequests() {
    return openRequests;
  }

  Duration headWithin() {
    return headWithin;
  }

  Duration bodyWithin() {
    return bodyWithin;
  }

  private static Rate rate(String setting, int times, Duration period) {
    return new Rate(notNegative(setting, times), period);
  }

  private static int notNegative(String setting, int value) {
    if (value < 0) {
      throw new IllegalStateException(
          "%s is %d but must be 1 or more, or 0 for no limit.".formatted(setting, value));
    }
    return value;
  }
}
