package io.yima.authorizer;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.yima.work.LastError;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a merchant's token is, without the token. */
@JsonNaming(SnakeCaseStrategy.class)
record TokenState(
    Health state,
    @Nullable Instant expiresAt,
    @Nullable Instant refreshedAt,
    @Nullable Instant nextRefreshAt,
    int attempts,
    @Nullable LastError lastError) {

  enum Health {
    /** Valid, and not due yet. */
    FRESH,
    /** Valid, and about to be refreshed. */
    DUE,
    /** The last refresh failed; the token may still be valid, see {@code expires_at}. */
    FAILING,
    /** There is no valid token. */
    NONE
  }

  static TokenState of(
      AuthorizerStatus status,
      @Nullable Instant expiresAt,
      @Nullable Instant refreshedAt,
      @Nullable Instant nextRefreshAt,
      int attempts,
      @Nullable LastError lastError,
      Instant now) {
    return new TokenState(
        health(status, expiresAt, nextRefreshAt, attempts, now),
        expiresAt,
        refreshedAt,
        nextRefreshAt,
        attempts,
        lastError);
  }

  private static Health health(
      AuthorizerStatus status,
      @Nullable Instant expiresAt,
      @Nullable Instant nextRefreshAt,
      int attempts,
      Instant now) {
    if (status != AuthorizerStatus.ACTIVE) {
      return Health.NONE;
    }
    if (attempts > 0) {
      return Health.FAILING;
    }
    if (expiresAt == null || !expiresAt.isAfter(now)) {
      return Health.NONE;
    }
    return nextRefreshAt == null || !nextRefreshAt.isAfter(now) ? Health.DUE : Health.FRESH;
  }
}
