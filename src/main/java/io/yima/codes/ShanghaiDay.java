package io.yima.codes;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/** WeChat's daily quotas begin anew at midnight in China [LIMIT]. */
final class ShanghaiDay {

  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

  /** How far WeChat's midnight may be from ours, a call on its way included. */
  private static final Duration DOUBT = Duration.ofMinutes(1);

  private ShanghaiDay() {}

  static LocalDate of(Instant now) {
    return now.atZone(SHANGHAI).toLocalDate();
  }

  /** The first instant of the day after the one of this instant. */
  static Instant after(Instant now) {
    return of(now).plusDays(1).atStartOfDay(SHANGHAI).toInstant();
  }

  /** Whether what was told between these two instants is about the day of the second. */
  static boolean isCertain(Instant asked, Instant told) {
    return of(asked.minus(DOUBT)).equals(of(told));
  }

  /**
   * Until when a quota is used up that WeChat says is. What it says in a day's first minute is
   * about the day before: taken for this one's it would cost a whole day.
   */
  static Instant afterRefusal(Instant now) {
    return after(now.minus(DOUBT));
  }
}
