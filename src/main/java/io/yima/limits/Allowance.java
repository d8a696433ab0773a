package io.yima.limits;

import io.vertx.core.MultiMap;
import java.time.Duration;

/**
 * What a limit says to one request.
 *
 * @param limit how many the caller may have at once
 * @param remaining how many it could still have now
 * @param reset when it could have all of them again
 * @param retryAfter when it could have one more; nothing when it got one
 */
record Allowance(boolean given, long limit, long remaining, Duration reset, Duration retryAfter) {

  static final Allowance UNLIMITED =
      new Allowance(true, Long.MAX_VALUE, Long.MAX_VALUE, Duration.ZERO, Duration.ZERO);

  /** The one that refuses, or else leaves less. */
  Allowance tighter(Allowance other) {
    return given && (!other.given || other.remaining < remaining) ? other : this;
  }

  /**
   * Tells the caller, in the three fields that clients know: those of the Internet-Draft
   * draft-ietf-httpapi-ratelimit-headers until its version 07. The later ones keep changing.
   */
  void tell(MultiMap headers) {
    if (limit == Long.MAX_VALUE) {
      return;
    }
    headers.set("RateLimit-Limit", Long.toString(limit));
    headers.set("RateLimit-Remaining", Long.toString(remaining));
    headers.set("RateLimit-Reset", Long.toString(seconds(reset)));
  }

  /** The wait in whole seconds, after which it is really over. */
  Duration retryAfterSeconds() {
    return Duration.ofSeconds(Math.max(1, seconds(retryAfter)));
  }

  private static long seconds(Duration duration) {
    return duration.plusNanos(999_999_999).toSeconds();
  }
}
