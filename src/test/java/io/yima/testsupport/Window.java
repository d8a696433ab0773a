package io.yima.testsupport;

import java.time.Duration;
import java.time.Instant;

/** Where an instant must lie that production draws at random; both ends belong to it. */
public record Window(Instant from, Instant to) {

  private static final Duration SHANGHAI = Duration.ofHours(8);
  private static final long DAY = Duration.ofDays(1).toSeconds();

  public static Window exactly(Instant instant) {
    return new Window(instant, instant);
  }

  /** Between half of the doubled wait and all of it, from now on. */
  public static Window backoff(Duration first, Duration limit, int failures, Instant now) {
    Duration wait = first;
    for (int i = 1; i < failures && wait.compareTo(limit) < 0; i++) {
      wait = wait.multipliedBy(2);
    }
    Duration longest = wait.compareTo(limit) < 0 ? wait : limit;
    return new Window(now.plus(longest.dividedBy(2)), now.plus(longest));
  }

  /** The next midnight in Shanghai, which has no summer time, and five minutes. */
  public static Window nextDay(Instant now) {
    return soonAfter(midnight(now));
  }

  /** Within five minutes. */
  public static Window soonAfter(Instant free) {
    return new Window(free, free.plus(Duration.ofMinutes(5)));
  }

  public static Instant midnight(Instant now) {
    long day = Math.floorDiv(now.plus(SHANGHAI).getEpochSecond(), DAY) + 1;
    return Instant.ofEpochSecond(day * DAY).minus(SHANGHAI);
  }

  /** Not before then, neither. */
  public Window notBefore(Instant earliest) {
    return new Window(later(from, earliest), later(to, earliest));
  }

  /** Not after then, neither. */
  public Window notAfter(Instant latest) {
    return new Window(earlier(from, latest), earlier(to, latest));
  }

  public boolean has(Instant instant) {
    return !instant.isBefore(from) && !instant.isAfter(to);
  }

  public boolean isPoint() {
    return from.equals(to);
  }

  /** The instant after this share of it, in milliseconds. */
  public Instant at(double share) {
    return from.plusMillis(Math.round(Duration.between(from, to).toMillis() * share));
  }

  private static Instant earlier(Instant one, Instant other) {
    return one.isBefore(other) ? one : other;
  }

  private static Instant later(Instant one, Instant other) {
    return one.isAfter(other) ? one : other;
  }
}
