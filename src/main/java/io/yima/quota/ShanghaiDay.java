package io.yima.quota;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;

/** WeChat's daily quotas begin anew at midnight in China [LIMIT]. */
public final class ShanghaiDay {

  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");

  /** How far WeChat's midnight may be from ours, a call on its way included. */
  private static final Duration DOUBT = Duration.ofMinutes(1);

  private ShanghaiDay() {}

  /** The day that this instant is in. */
  public static LocalDate of(Instant now) {
    return now.atZone(SHANGHAI).toLocalDate();
  }

  /** The first instant of the day after the one of this instant. */
  public static Instant after(Instant now) {
    return of(now).plusDays(1).atStartOfDay(SHANGHAI).toInstant();
  }

  /**
   * Whether what was told between these two instants is about the day on which it was asked: not
   * where WeChat may have been in another day, before a midnight or after one.
   */
  static boolean isCertain(Instant asked, Instant told) {
    return of(asked.minus(DOUBT)).equals(of(told.plus(DOUBT)));
  }

  /**
   * Until when a quota is used up that WeChat says is. What it says to a call of a day's first
   * minute is about the day before: taken for this one's it would cost a whole day.
   */
  public static Instant afterRefusal(Instant called) {
    return after(called.minus(DOUBT));
  }
}
