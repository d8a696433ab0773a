package io.yima.authorizer;

import io.yima.secrets.Secret;
import io.yima.wechat.Failure;
import io.yima.wechat.IssuedToken;
import io.yima.wechat.RefreshedToken;
import io.yima.work.LastError;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What asking WeChat for a merchant's fresh token came to. */
sealed interface RefreshResult {

  /** For metrics. */
  String outcome();

  /**
   * A token.
   *
   * @param used the refresh token that worked
   * @param successor the one to use next time
   * @param successorStored whether that is the one that was stored at the claim
   * @param askedAt when the call that brought it was sent
   */
  record Refreshed(
      IssuedToken accessToken,
      Secret used,
      Secret successor,
      boolean successorStored,
      Instant askedAt)
      implements RefreshResult {

    /**
     * @param stored the refresh token that was stored at the claim, if there was one that opens
     */
    static Refreshed of(
        RefreshedToken fresh, Secret used, @Nullable Secret stored, Instant askedAt) {
      Secret answered = fresh.refreshToken();
      Secret successor = answered == null ? used : answered;
      return new Refreshed(fresh.accessToken(), used, successor, successor.equals(stored), askedAt);
    }

    @Override
    public String outcome() {
      return "refreshed";
    }
  }

  /**
   * None now; later perhaps.
   *
   * @param progress what was learnt before that, for the next try to start from
   */
  record Postponed(Failure failure, Progress progress) implements RefreshResult {
    @Override
    public String outcome() {
      return failure.code();
    }
  }

  /**
   * What a try that came to no end has learnt.
   *
   * @param refused WeChat's word that a refresh token of ours is dead, if it said so
   * @param candidateDead whether the candidate was among those
   * @param found another refresh token that WeChat told, not known to be dead
   * @param foundAt when WeChat told it
   * @param searchOffset where the search of WeChat's list goes on, if nothing else is left
   */
  record Progress(
      @Nullable Failure refused,
      boolean candidateDead,
      @Nullable Secret found,
      @Nullable Instant foundAt,
      @Nullable Integer searchOffset) {

    /** Whether there is more to start from than at this claim. */
    boolean isNewTo(ClaimedToken claim) {
      return found != null
          || !Objects.equals(searchOffset, claim.searchOffset())
          || (refused != null && !claim.wasRefused());
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
