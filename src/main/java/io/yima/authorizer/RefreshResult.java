package io.yima.authorizer;

import io.yima.secrets.Secret;
import io.yima.wechat.Failure;
import io.yima.wechat.IssuedToken;
import io.yima.work.LastError;
import org.jspecify.annotations.Nullable;

/** What asking WeChat for a merchant's fresh token came to. */
sealed interface RefreshResult {

  /** For metrics. */
  String outcome();

  /**
   * A token.
   *
   * @param used the refresh token that worked
   * @param answered the refresh token WeChat sent along, if it did
   */
  record Refreshed(IssuedToken accessToken, Secret used, @Nullable Secret answered)
      implements RefreshResult {
    @Override
    public String outcome() {
      return "refreshed";
    }

    /** The one to use next time. */
    Secret successor() {
      return answered == null ? used : answered;
    }
  }

  /** None now; later perhaps. */
  record Postponed(Failure failure) implements RefreshResult {
    @Override
    public String outcome() {
      return failure.code();
    }
  }

  /** The merchant withdrew: two answers of WeChat agree on it. */
  record Revoked(LastError error) implements RefreshResult {
    @Override
    public String outcome() {
      return "revoked";
    }
  }

  /** What is stored does not open, and WeChat has nothing else. */
  record Unreadable(LastError error) implements RefreshResult {
    @Override
    public String outcome() {
      return error.code();
    }
  }

  /** No refresh token that is known here or at WeChat works. */
  record ReauthorizationRequired(LastError error) implements RefreshResult {
    @Override
    public String outcome() {
      return "reauthorization_required";
    }
  }
}
