package io.yima.authorizer;

import io.yima.database.Columns;
import io.yima.database.WorkerDatabase;
import io.yima.tenancy.AuthorizerId;
import io.yima.work.LastError;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Writes a merchant's status together with its token row. Whoever touches both locks the
 * authorizer's row first.
 */
@ApplicationScoped
class AuthorizerRows {

  /** What giving a merchant up came to. */
  enum Loss {
    STATUS_CHANGED,
    STATUS_KEPT,
    NOT_OURS
  }

  /** What orders an event against what is known. */
  record Known(AuthorizerStatus status, @Nullable Long lastEventCreateTime, int version) {}

  /** In the order in which pages of WeChat's list lock, so that nobody waits in a circle. */
  private static final String LOCK =
      """
      select 1 from unnest(?::uuid[], ?::text[]) as v(provider_id, authorizer_appid)
        join authorizer a
          on a.provider_id = v.provider_id and a.authorizer_appid = v.authorizer_appid
      order by a.provider_id, a.authorizer_appid collate "C"
      for update of a
      """;

  private static final String GIVE_UP_TOKEN =
      """
      update authorizer_token set access_token = null, access_token_expires_at = null,
        next_refresh_at = null, generation = generation + 1, lease_owner = null,
        lease_until = null, attempts = attempts + 1, last_error = ?::jsonb, search_offset = null
      where provider_id = ? and authorizer_appid = ? and generation = ?
      """;

  /** What is revoked stays revoked, even where a refresh token is the last that failed. */
  private static final String GIVE_UP =
      """
      update authorizer set status = ?, version = version + 1,
        revoked_at = case when ? = 'REVOKED' then ?::timestamptz else revoked_at end
      where provider_id = ? and authorizer_appid = ? and status not in ('REVOKED', ?)
      """;

  private static final String WORKS_AGAIN =
      """
      update authorizer a set status = 'ACTIVE', revoked_at = null, version = a.version + 1
      from unnest(?::uuid[], ?::text[]) as v(provider_id, authorizer_appid)
      where a.provider_id = v.provider_id and a.authorizer_appid = v.authorizer_appid
        and a.status <> 'ACTIVE'
      """;

  private static final String KNOWN =
      """
      select status, last_event_create_time, version from authorizer
      where provider_id = ? and authorizer_appid = ?
      """;

  private static final String WITHDRAW =
      """
      update authorizer set status = 'REVOKED', revoked_at = ?, version = version + 1,
        last_event_create_time = greatest(last_event_create_time, ?)
      where provider_id = ? and authorizer_appid = ? and version = ?
      """;

  private static final String ERASE_TOKEN =
      """
      update authorizer_token set access_token = null, access_token_expires_at = null,
        next_refresh_at = null, generation = generation + 1, lease_owner = null,
        lease_until = null, search_offset = null
      where provider_id = ? and authorizer_appid = ?
      """;

  private final WorkerDatabase database;

  AuthorizerRows(WorkerDatabase database) {
    this.database = database;
  }

  /** Ends a merchant whose token row is ours. */
  Loss lost(ClaimedToken claim, AuthorizerStatus status, LastError error, Instant now) {
    return database.transaction(
        connection -> {
          lock(connection, List.of(claim.id()));
          return giveUpToken(connection, claim, error)
              ? giveUp(connection, claim.id(), status, now)
              : Loss.NOT_OURS;
        });
  }

  /** Merchants that were given up have a token again; part of the transaction that stores them. */
  static void worksAgain(Connection connection, Collection<AuthorizerId> ids) throws SQLException {
    if (ids.isEmpty()) {
      return;
    }
    try (PreparedStatement update = connection.prepareStatement(WORKS_AGAIN)) {
      MerchantArrays.bind(update, 1, ids);
      update.executeUpdate();
    }
  }

  Optional<Known> known(AuthorizerId id) {
    return database.transaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(KNOWN)) {
            key(select, 1, id);
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? Optional.of(known(row)) : Optional.empty();
            }
          }
        });
  }

  /** The merchant withdrew; without effect when its row changed since it was read. */
  boolean withdraw(AuthorizerId id, Known seen, long eventCreateTime, Instant now) {
    return database.transaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(WITHDRAW)) {
            update.setObject(1, Columns.of(now));
            update.setLong(2, eventCreateTime);
            key(update, 3, id);
            update.setInt(5, seen.version());
            if (update.executeUpdate() == 0) {
              return false;
            }
          }
          try (PreparedStatement update = connection.prepareStatement(ERASE_TOKEN)) {
            key(update, 1, id);
            update.executeUpdate();
          }
          return true;
        });
  }

  static void lock(Connection connection, Collection<AuthorizerId> ids) throws SQLException {
    if (ids.isEmpty()) {
      return;
    }
    try (PreparedStatement select = connection.prepareStatement(LOCK)) {
      MerchantArrays.bind(select, 1, ids);
      select.executeQuery().close();
    }
  }

  private static boolean giveUpToken(Connection connection, ClaimedToken claim, LastError error)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(GIVE_UP_TOKEN)) {
      update.setString(1, error.toJson());
      key(update, 2, claim.id());
      update.setLong(4, claim.generation());
      return update.executeUpdate() > 0;
    }
  }

  private static Loss giveUp(
      Connection connection, AuthorizerId id, AuthorizerStatus status, Instant now)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(GIVE_UP)) {
      update.setString(1, status.name());
      update.setString(2, status.name());
      update.setObject(3, Columns.of(now));
      key(update, 4, id);
      update.setString(6, status.name());
      return update.executeUpdate() > 0 ? Loss.STATUS_CHANGED : Loss.STATUS_KEPT;
    }
  }

  private static Known known(ResultSet row) throws SQLException {
    return new Known(
        AuthorizerStatus.valueOf(row.getString("status")),
        row.getObject("last_event_create_time", Long.class),
        row.getInt("version"));
  }

  private static void key(PreparedStatement statement, int from, AuthorizerId id)
      throws SQLException {
    statement.setObject(from, id.provider().value());
    statement.setString(from + 1, id.authorizerAppid());
  }
}
