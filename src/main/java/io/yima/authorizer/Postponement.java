package io.yima.authorizer;

import io.yima.wechat.Failure;
import io.yima.wechat.Failure.AuthorizationLost;
import io.yima.wechat.Failure.Misconfigured;
import io.yima.wechat.Failure.OutcomeUnknown;
import io.yima.wechat.Failure.QuotaExhausted;
import io.yima.wechat.Failure.RateLimited;
import io.yima.wechat.Failure.Rejected;
import io.yima.wechat.Failure.TokenRejected;
import io.yima.wechat.Failure.Unavailable;
import io.yima.work.Backoff;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.random.RandomGenerator;

/** When to ask WeChat again after a failure. */
final class Postponement {

  private static final Backoff TRANSIENT =
      new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(15));
  private static final Backoff UNTIL_MENDED =
      new Backoff(Duration.ofMinutes(1), Duration.ofHours(1));
  private static final ZoneId SHANGHAI = ZoneId.of("Asia/Shanghai");
  private static final Duration SPREAD_OVER = Duration.ofMinutes(5);

  private Postponement() {}

  /**
   * The next time after this many failures in a row, this one included. Daily quotas begin anew at
   * midnight in Shanghai.
   */
  static Instant after(Failure failure, int attempts, Instant now, RandomGenerator random) {
    return switch (failure) {
      case QuotaExhausted _ -> nextDay(now).plusMillis(random.nextLong(SPREAD_OVER.toMillis()));
      case Misconfigured _, Rejected _ -> untilMended(attempts, now, random);
      case TokenRejected _, AuthorizationLost _, RateLimited _, Unavailable _, OutcomeUnknown _ ->
          now.plus(TRANSIENT.after(attempts, random));
    };
  }

  /** The next time for what a person must mend. */
  static Instant untilMended(int attempts, Instant now, RandomGenerator random) {
    return now.plus(UNTIL_MENDED.after(attempts, random));
  }

  private static Instant nextDay(Instant now) {
    return now.atZone(SHANGHAI).toLocalDate().plusDays(1).atStartOfDay(SHANGHAI).toInstant();
  }
}
