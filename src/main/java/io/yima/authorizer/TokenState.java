package io.yima.authorizer;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.yima.work.LastError;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How a merchant's token is, without the token. */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(description = "How the merchant's token is, without the token.")
public record TokenState(
    @Schema(
            description =
                "FRESH: valid, not due. DUE: about to be refreshed. FAILING: the last refresh failed. NONE: there is no valid one.",
            examples = "FRESH")
        Health state,
    @Schema(description = "Until when it is valid.", examples = "2026-09-27T02:03:04.567890Z")
        @Nullable Instant expiresAt,
    @Schema(description = "When it was refreshed.", examples = "2026-09-27T02:03:04.567890Z")
        @Nullable Instant refreshedAt,
    @Schema(description = "When it is refreshed again.", examples = "2026-09-27T02:03:04.567890Z")
        @Nullable Instant nextRefreshAt,
    @Schema(description = "Failed attempts in a row.", examples = "0", minimum = "0") int attempts,
    @Nullable LastError lastError) {

  /** In a word. */
  public enum Health {
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
