package io.yima.authorizer;

import io.yima.database.Columns;
import io.yima.database.WorkerDatabase;
import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Merchants and their tokens as they stand in the database, and what only a test does to them. */
final class TokenRows {

  private static final String READ =
      """
      select a.authorizer_appid, a.status, t.*, coalesce(t.lease_until >= now(), false) as leased
      from authorizer a join authorizer_token t using (provider_id, authorizer_appid)
      where a.provider_id = ? and a.authorizer_appid = any(?)
      """;

  /** A row. */
  record TokenRow(
      AuthorizerStatus status,
      long generation,
      boolean leased,
      String holder,
      String access,
      Instant expiresAt,
      String refresh,
      String previous,
      String candidate,
      int attempts,
      Instant next) {}

  private final WorkerDatabase database;
  private final TokenSeals seals;
  private final ProviderId provider;

  TokenRows(WorkerDatabase database, TokenSeals seals, ProviderId provider) {
    this.database = database;
    this.seals = seals;
    this.provider = provider;
  }

  Map<String, TokenRow> read(Collection<String> appids) {
    return database.transaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(READ)) {
            select.setObject(1, provider.value());
            select.setArray(2, connection.createArrayOf("text", appids.toArray()));
            Map<String, TokenRow> read = new HashMap<>();
            try (ResultSet rows = select.executeQuery()) {
              while (rows.next()) {
                read.put(rows.getString("authorizer_appid"), row(rows));
              }
            }
            return read;
          }
        });
  }

  /** As if the lease had run out; its holder does not know. */
  void endLease(String appid) {
    change("lease_until = now() - interval '1 second'", List.of(), List.of(appid));
  }

  /** In place of an instant that production drew at random. */
  void pin(String appid, Instant next) {
    change("next_refresh_at = ?", List.of(Columns.of(next)), List.of(appid));
  }

  void leaveAlone(Collection<String> appids) {
    change("next_refresh_at = null", List.of(), appids);
  }

  /** Leaves everybody's tokens alone. */
  static void forgetAll(WorkerDatabase database) {
    database.transaction(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "update authorizer_token set next_refresh_at = null"
                      + " where next_refresh_at is not null")) {
            return update.executeUpdate();
          }
        });
  }

  private void change(String what, List<?> values, Collection<String> appids) {
    String update =
        "update authorizer_token set "
            + what
            + " where provider_id = ? and authorizer_appid = any(?)";
    database.transaction(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(update)) {
            int position = 1;
            for (Object value : values) {
              statement.setObject(position++, value);
            }
            statement.setObject(position++, provider.value());
            statement.setArray(position, connection.createArrayOf("text", appids.toArray()));
            return statement.executeUpdate();
          }
        });
  }

  private TokenRow row(ResultSet row) throws SQLException {
    AuthorizerId id = new AuthorizerId(provider, row.getString("authorizer_appid"));
    return new TokenRow(
        AuthorizerStatus.valueOf(row.getString("status")),
        row.getLong("generation"),
        row.getBoolean("leased"),
        row.getString("lease_owner"),
        text(seals.openAccess(id, row.getBytes("access_token"))),
        Columns.instant(row, "access_token_expires_at"),
        text(seals.openRefresh(id, row.getBytes("refresh_token"))),
        text(seals.openRefresh(id, row.getBytes("previous_refresh_token"))),
        text(seals.openRefresh(id, row.getBytes("candidate_refresh_token"))),
        row.getInt("attempts"),
        Columns.instant(row, "next_refresh_at"));
  }

  private static String text(Secret secret) {
    return secret == null ? null : secret.reveal();
  }
}
