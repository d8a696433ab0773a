package io.yima.authorizer;

import io.yima.database.Columns;
import io.yima.database.WorkerDatabase;
import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.Authorization;
import io.yima.wechat.IssuedToken;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Stores what an authorization code was exchanged for, all of it in one transaction. */
@ApplicationScoped
class AuthorizedRows {

  private static final String AUTHORIZE =
      """
      insert into authorizer as a (provider_id, authorizer_appid, status, mini_program,
        permission_sets, authorized_at, last_event_create_time, version)
      values (?, ?, 'ACTIVE', false, coalesce(?::int[], '{}'), ?, ?, 0)
      on conflict (provider_id, authorizer_appid) do update set
        status = 'ACTIVE',
        permission_sets = coalesce(?::int[], a.permission_sets),
        authorized_at = excluded.authorized_at,
        revoked_at = null,
        last_event_create_time =
          greatest(a.last_event_create_time, excluded.last_event_create_time),
        profile_asked_at = null,
        version = a.version + 1
      """;

  /**
   * The generation makes any refresh under way write nothing: it worked with tokens that WeChat has
   * just ended. What WeChat left out does not overwrite what is stored.
   */
  private static final String STORE_TOKENS =
      """
      insert into authorizer_token as t (provider_id, authorizer_appid, access_token,
        access_token_expires_at, refresh_token, refreshed_at, next_refresh_at, generation, bucket)
      values (?, ?, ?, ?, ?, ?, ?, 1, ?)
      on conflict (provider_id, authorizer_appid) do update set
        access_token = coalesce(excluded.access_token, t.access_token),
        access_token_expires_at = case when excluded.access_token is null
          then t.access_token_expires_at else excluded.access_token_expires_at end,
        refresh_token = coalesce(excluded.refresh_token, t.refresh_token),
        previous_refresh_token = case when excluded.refresh_token is null
          then t.previous_refresh_token end,
        candidate_refresh_token = case when excluded.refresh_token is null
          then t.candidate_refresh_token end,
        candidate_asked_at = case when excluded.refresh_token is null
          then t.candidate_asked_at end,
        refreshed_at = coalesce(excluded.refreshed_at, t.refreshed_at),
        next_refresh_at = excluded.next_refresh_at,
        generation = t.generation + 1,
        lease_owner = null,
        lease_until = null,
        attempts = 0,
        last_error = null,
        search_offset = null
      """;

  private final WorkerDatabase database;
  private final TokenSeals seals;

  AuthorizedRows(WorkerDatabase database, TokenSeals seals) {
    this.database = database;
    this.seals = seals;
  }

  /**
   * Stores an authorization.
   *
   * @param nextRefreshAt when the token keeper is to look at it
   */
  void store(
      AuthorizerId id,
      Authorization authorization,
      long eventCreateTime,
      Instant now,
      Instant nextRefreshAt) {
    database.transaction(
        connection -> {
          authorize(connection, id, authorization, eventCreateTime, now);
          storeTokens(connection, id, authorization, now, nextRefreshAt);
          return true;
        });
  }

  private static void authorize(
      Connection connection,
      AuthorizerId id,
      Authorization authorization,
      long eventCreateTime,
      Instant now)
      throws SQLException {
    try (PreparedStatement upsert = connection.prepareStatement(AUTHORIZE)) {
      upsert.setObject(1, id.provider().value());
      upsert.setString(2, id.authorizerAppid());
      Set<Integer> sets = authorization.permissionSets();
      Array granted =
          sets == null ? null : connection.createArrayOf("int", sets.stream().sorted().toArray());
      upsert.setArray(3, granted);
      upsert.setObject(4, Columns.of(now));
      upsert.setLong(5, eventCreateTime);
      upsert.setArray(6, granted);
      upsert.executeUpdate();
    }
  }

  private void storeTokens(
      Connection connection,
      AuthorizerId id,
      Authorization authorization,
      Instant now,
      Instant nextRefreshAt)
      throws SQLException {
    @Nullable IssuedToken access = authorization.accessToken();
    try (PreparedStatement upsert = connection.prepareStatement(STORE_TOKENS)) {
      upsert.setObject(1, id.provider().value());
      upsert.setString(2, id.authorizerAppid());
      upsert.setBytes(3, seals.sealAccess(id, access == null ? null : access.token()));
      upsert.setObject(4, Columns.of(access == null ? null : now.plus(access.life())));
      upsert.setBytes(5, seals.sealRefresh(id, authorization.refreshToken()));
      upsert.setObject(6, Columns.of(access == null ? null : now));
      upsert.setObject(7, Columns.of(nextRefreshAt));
      upsert.setShort(8, id.bucket());
      upsert.executeUpdate();
    }
  }
}
