package io.yima.provider;

import io.yima.secrets.Secret;
import io.yima.work.LastError;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a component token before anything is done about it.
 *
 * @param leased whether some node is fetching a token now
 */
record ComponentRow(
    String componentAppid,
    boolean archived,
    long generation,
    boolean leased,
    @Nullable Secret token,
    @Nullable Instant expiresAt,
    @Nullable Instant refreshedAt,
    int rejections,
    @Nullable Instant nextRefreshAt,
    @Nullable LastError lastError) {

  /** Whether the token is known to be dead, and the next one has not been fetched. */
  boolean isTaken() {
    return lastError != null && lastError.code().equals(Rejection.TAKEN);
  }

  /** Whether the last attempt failed and the next is not due yet. */
  boolean isBackingOff(Instant now) {
    return lastError != null && nextRefreshAt != null && nextRefreshAt.isAfter(now);
  }
}
