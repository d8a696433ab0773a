package io.yima.authorizer;

import io.yima.database.Columns;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.wechat.Failure.AuthorizationLost;
import io.yima.work.LastError;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A merchant's token row, ours until the lease ends. Its secrets are still sealed: a row that does
 * not open must not keep the others of its batch from being worked on.
 */
final class ClaimedToken {

  /** What a claim returns, beside the merchant's status. */
  static final String COLUMNS =
      """
      t.provider_id, t.authorizer_appid, t.generation, t.access_token, t.access_token_expires_at,
      t.refresh_token, t.previous_refresh_token, t.candidate_refresh_token, t.refreshed_at,
      t.candidate_asked_at, t.next_refresh_at, t.attempts, t.last_error, t.search_offset
      """;

  private final AuthorizerId id;
  private final long generation;
  private final byte @Nullable [] accessToken;
  private final @Nullable Instant expiresAt;
  private final byte @Nullable [] refreshToken;
  private final byte @Nullable [] previous;
  private final byte @Nullable [] candidate;
  private final @Nullable Instant candidateAskedAt;
  private final @Nullable Instant refreshedAt;
  private final @Nullable Instant nextRefreshAt;
  private final int attempts;
  private final @Nullable LastError lastError;
  private final @Nullable Integer searchOffset;
  private final AuthorizerStatus status;

  private ClaimedToken(ResultSet row) throws SQLException {
    id =
        new AuthorizerId(
            new ProviderId(row.getObject("provider_id", UUID.class)),
            row.getString("authorizer_appid"));
    generation = row.getLong("generation");
    accessToken = row.getBytes("access_token");
    expiresAt = Columns.instant(row, "access_token_expires_at");
    refreshToken = row.getBytes("refresh_token");
    previous = row.getBytes("previous_refresh_token");
    candidate = row.getBytes("candidate_refresh_token");
    candidateAskedAt = Columns.instant(row, "candidate_asked_at");
    refreshedAt = Columns.instant(row, "refreshed_at");
    nextRefreshAt = Columns.instant(row, "next_refresh_at");
    attempts = row.getInt("attempts");
    lastError = LastError.parse(row.getString("last_error"));
    searchOffset = row.getObject("search_offset", Integer.class);
    status = AuthorizerStatus.valueOf(row.getString("status"));
  }

  static ClaimedToken of(ResultSet row) throws SQLException {
    return new ClaimedToken(row);
  }

  AuthorizerId id() {
    return id;
  }

  long generation() {
    return generation;
  }

  byte @Nullable [] accessToken() {
    return accessToken;
  }

  @Nullable Instant expiresAt() {
    return expiresAt;
  }

  byte @Nullable [] refreshToken() {
    return refreshToken;
  }

  byte @Nullable [] previous() {
    return previous;
  }

  byte @Nullable [] candidate() {
    return candidate;
  }

  /** When WeChat was asked for what brought the candidate. */
  @Nullable Instant candidateAskedAt() {
    return candidateAskedAt;
  }

  @Nullable Instant refreshedAt() {
    return refreshedAt;
  }

  /**
   * Whether it was taken before its time because somebody asked, although the last try failed. How
   * such a try ends says nothing about how long to wait, however many ask.
   */
  boolean outOfTurn(Instant now) {
    return attempts > 0 && nextRefreshAt != null && nextRefreshAt.isAfter(now);
  }

  /** How many tries in a row failed when this one fails too. */
  int failures(Instant now) {
    return outOfTurn(now) ? attempts : attempts + 1;
  }

  /** When it was to be refreshed; in the future where somebody asked for it out of turn. */
  @Nullable Instant nextRefreshAt() {
    return nextRefreshAt;
  }

  @Nullable LastError lastError() {
    return lastError;
  }

  /** Whether WeChat refused every refresh token that was tried the last time. */
  boolean wasRefused() {
    return lastError != null && lastError.code().equals(AuthorizationLost.CODE);
  }

  /** Where the search of WeChat's list for the refresh token goes on, if there is one. */
  @Nullable Integer searchOffset() {
    return searchOffset;
  }

  boolean active() {
    return status == AuthorizerStatus.ACTIVE;
  }
}
