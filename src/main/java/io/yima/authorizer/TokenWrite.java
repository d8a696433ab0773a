package io.yima.authorizer;

import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import io.yima.work.LastError;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a claimed token row is to look after the call, whichever way that went. */
final class TokenWrite {

  private final ClaimedToken claim;
  private byte @Nullable [] accessToken;
  private @Nullable Instant expiresAt;
  private @Nullable Instant refreshedAt;
  private @Nullable Instant nextRefreshAt;
  private byte @Nullable [] refreshToken;
  private byte @Nullable [] previous;
  private byte @Nullable [] candidate;
  private @Nullable Instant candidateAskedAt;
  private @Nullable Integer searchOffset;
  private int attempts;
  private boolean keepsLease;
  private boolean revives;
  private @Nullable String lastError;

  private TokenWrite(ClaimedToken claim) {
    this.claim = claim;
    this.accessToken = claim.accessToken();
    this.expiresAt = claim.expiresAt();
    this.refreshedAt = claim.refreshedAt();
    this.refreshToken = claim.refreshToken();
    this.previous = claim.previous();
    this.candidate = claim.candidate();
    this.candidateAskedAt = claim.candidateAskedAt();
    this.searchOffset = claim.searchOffset();
  }

  /**
   * WeChat gave a token. The refresh token that was used stays as the former one while its
   * successor has not worked yet.
   */
  static TokenWrite refreshed(
      ClaimedToken claim,
      RefreshResult.Refreshed result,
      TokenSeals seals,
      Instant now,
      Instant nextRefreshAt) {
    TokenWrite write = new TokenWrite(claim);
    AuthorizerId id = claim.id();
    write.accessToken = seals.sealAccess(id, result.accessToken().token());
    write.expiresAt = now.plus(result.accessToken().life());
    write.refreshedAt = now;
    write.nextRefreshAt = nextRefreshAt;
    Secret successor = result.successor();
    if (!result.successorStored()) {
      write.refreshToken = seals.sealRefresh(id, successor);
    }
    write.previous = successor.equals(result.used()) ? null : seals.sealRefresh(id, result.used());
    write.candidate = null;
    write.candidateAskedAt = null;
    write.searchOffset = null;
    write.attempts = 0;
    write.revives = !claim.active();
    return write;
  }

  /**
   * It did not; what is stored stays. Where nothing is kept fresh, no next time is set.
   *
   * @param failures how many tries in a row have failed
   * @param perhapsUnderWay the lease stays until it runs out, so that nobody asks beside a call
   *     that WeChat may still be at work on
   */
  static TokenWrite postponed(
      ClaimedToken claim,
      int failures,
      LastError error,
      Instant nextRefreshAt,
      boolean perhapsUnderWay) {
    TokenWrite write = new TokenWrite(claim);
    write.nextRefreshAt = claim.active() ? nextRefreshAt : null;
    write.attempts = failures;
    write.keepsLease = perhapsUnderWay;
    write.lastError = error.toJson();
    return write;
  }

  /**
   * Keeps what the try has learnt. A refresh token that WeChat told becomes the candidate: those
   * that are stored stay until it has worked.
   */
  TokenWrite with(RefreshResult.Progress progress, TokenSeals seals) {
    if (progress.found() != null) {
      candidate = seals.sealRefresh(id(), progress.found());
      candidateAskedAt = progress.foundAt();
    } else if (progress.candidateDead()) {
      candidate = null;
      candidateAskedAt = null;
    }
    searchOffset = progress.searchOffset();
    return this;
  }

  AuthorizerId id() {
    return claim.id();
  }

  long generation() {
    return claim.generation();
  }

  byte @Nullable [] accessToken() {
    return accessToken;
  }

  @Nullable Instant expiresAt() {
    return expiresAt;
  }

  @Nullable Instant refreshedAt() {
    return refreshedAt;
  }

  @Nullable Instant nextRefreshAt() {
    return nextRefreshAt;
  }

  byte @Nullable [] refreshToken() {
    return refreshToken;
  }

  byte @Nullable [] previous() {
    return previous;
  }

  /** The candidate as it was claimed: one that came since must stay. */
  byte @Nullable [] claimedCandidate() {
    return claim.candidate();
  }

  byte @Nullable [] candidate() {
    return candidate;
  }

  @Nullable Instant candidateAskedAt() {
    return candidateAskedAt;
  }

  @Nullable Integer searchOffset() {
    return searchOffset;
  }

  int attempts() {
    return attempts;
  }

  boolean keepsLease() {
    return keepsLease;
  }

  /** Whether a merchant that was given up has a token again. */
  boolean revives() {
    return revives;
  }

  @Nullable String lastError() {
    return lastError;
  }
}
