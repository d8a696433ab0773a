package io.yima.authorizer;

import io.yima.secrets.Secret;
import io.yima.work.LastError;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A merchant's token as it is stored at this moment. */
record StoredToken(
    AuthorizerStatus status,
    @Nullable Secret accessToken,
    @Nullable Instant expiresAt,
    @Nullable Instant nextRefreshAt,
    @Nullable Instant lastUsedAt,
    long generation,
    boolean leased,
    int attempts,
    @Nullable LastError lastError) {

  boolean active() {
    return status == AuthorizerStatus.ACTIVE;
  }

  /**
   * For a call, where it can be used now and is not the one that the asker has already.
   *
   * @param refreshed whether it was fetched since it was asked for
   */
  Optional<FreshToken> lent(@Nullable Secret used, boolean refreshed, Instant now) {
    return accessToken != null
            && expiresAt != null
            && expiresAt.isAfter(now)
            && !accessToken.equals(used)
        ? Optional.of(new FreshToken.Valid(accessToken, expiresAt, refreshed))
        : Optional.empty();
  }

  /** Whether a refresh failed so lately that WeChat is left in peace until the next due time. */
  boolean backingOff(Instant now) {
    return awaitsExchange(now)
        || (attempts > 0 && nextRefreshAt != null && nextRefreshAt.isAfter(now));
  }

  /**
   * Whether WeChat lists the merchant while its authorization code may still be on its way to us.
   */
  boolean awaitsExchange(Instant now) {
    return expiresAt == null
        && attempts == 0
        && nextRefreshAt != null
        && nextRefreshAt.isAfter(now);
  }
}
