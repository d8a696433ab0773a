package io.yima.quota;

import io.yima.api.Problems;
import io.yima.authorizer.AuthorizerStanding;
import io.yima.authorizer.AuthorizerStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Why nothing of the marketing-code family can be done for a merchant.
 *
 * @param code the stable word of problems
 */
public record OrderObstacle(int status, String code, String detail) {

  /** The first there is; a standing of null is a merchant that this provider does not have. */
  public static Optional<OrderObstacle> of(@Nullable AuthorizerStanding standing) {
    if (standing == null) {
      return Optional.of(
          new OrderObstacle(
              404, "authorizer_not_found", "No such merchant has authorized this provider."));
    }
    if (standing.status() != AuthorizerStatus.ACTIVE) {
      return conflict(
          "authorizer_revoked",
          "The merchant's authorization does not hold (any more): its status is "
              + standing.status()
              + ".");
    }
    if (!standing.marketingCodeSet()) {
      return conflict(
          "permission_set_missing", "The merchant did not grant permission set 46 (微信一物一码).");
    }
    return standing.serviceAccount()
        ? Optional.empty()
        : conflict(
            "account_type_unsupported", "Only service accounts (服务号) can order marketing codes.");
  }

  /** Throws the problem of the first there is. */
  public static void refuse(@Nullable AuthorizerStanding standing) {
    of(standing)
        .ifPresent(
            obstacle -> {
              throw Problems.of(obstacle.status(), obstacle.code(), obstacle.detail());
            });
  }

  /** 429 as long as the day's quota is known to be used up. */
  public static void refuseWhileParked(@Nullable Instant parkedUntil, Instant now) {
    if (parkedUntil != null && parkedUntil.isAfter(now)) {
      throw Problems.tooMany(
          "quota_exhausted",
          "The merchant's daily quota of this interface at WeChat is used up.",
          Duration.between(now, parkedUntil));
    }
  }

  private static Optional<OrderObstacle> conflict(String code, String detail) {
    return Optional.of(new OrderObstacle(409, code, detail));
  }
}
