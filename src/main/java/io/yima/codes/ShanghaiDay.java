package io.yima.codes;

import java.time.Instant;
import java.time.ZoneId;

/** WeChat's daily quotas begin anew at midnight in China [LIMIT]. */
final class ShanghaiDay {

  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

  private ShanghaiDay() {}

  /** The first instant of the day after the one of this instant. */
  static Instant after(Instant now) {
    return now.atZone(SHANGHAI).toLocalDate().plusDays(1).atStartOfDay(SHANGHAI).toInstant();
  }
}
