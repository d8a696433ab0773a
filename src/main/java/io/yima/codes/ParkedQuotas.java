package io.yima.codes;

import io.yima.tenancy.AuthorizerId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;

/** Until when WeChat will refuse an interface to a merchant, as far as it told us. */
final class ParkedQuotas {

  private static final String UNTIL =
      """
      select blocked_until from api_quota
      where provider_id = ? and authorizer_appid = ? and api = ? and blocked_until > ?
      """;

  private static final String PARK =
      """
      insert into api_quota (provider_id, authorizer_appid, api, blocked_until)
      values (?, ?, ?, ?)
      on conflict on constraint api_quota_pkey do update set blocked_until = excluded.blocked_until
      """;

  private ParkedQuotas() {}

  static Optional<Instant> until(
      Connection connection, AuthorizerId authorizer, String api, Instant now) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(UNTIL)) {
      bind(select, authorizer, api, now);
      try (ResultSet row = select.executeQuery()) {
        return row.next()
            ? Optional.ofNullable(LedgerRow.instant(row, "blocked_until"))
            : Optional.empty();
      }
    }
  }

  static void park(Connection connection, AuthorizerId authorizer, Turn.Parked parked)
      throws SQLException {
    try (PreparedStatement upsert = connection.prepareStatement(PARK)) {
      bind(upsert, authorizer, parked.api(), parked.until());
      upsert.executeUpdate();
    }
  }

  private static void bind(
      PreparedStatement statement, AuthorizerId authorizer, String api, Instant instant)
      throws SQLException {
    statement.setObject(1, authorizer.provider().value());
    statement.setString(2, authorizer.authorizerAppid());
    statement.setString(3, api);
    statement.setObject(4, Ledger.time(instant));
  }
}
