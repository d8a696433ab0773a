package io.yima.authorizer;

import io.yima.secrets.Secret;
import io.yima.work.LastError;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What asking for a token that works came to. */
sealed interface FreshToken {

  /**
   * Here it is.
   *
   * @param refreshed whether it was fetched since it was asked for
   */
  record Valid(Secret token, Instant expiresAt, boolean refreshed) implements FreshToken {}

  /** None is kept for this merchant. */
  record Inactive(AuthorizerStatus status) implements FreshToken {}

  /** None now; the error says why, when that is known. */
  record Absent(@Nullable LastError error) implements FreshToken {}

  /** The provider has no such merchant. */
  record Unknown() implements FreshToken {}
}
