package io.yima.authorizer;

import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.work.LastError;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;

/**
 * Reads a merchant's token, by key and in one round trip; without a cache, so that a revocation and
 * a refresh count at once on every node.
 */
@ApplicationScoped
class TokenReads {

  private static final String READ =
      """
      select a.status, t.access_token, t.access_token_expires_at, t.next_refresh_at,
        t.last_used_at, t.generation, coalesce(t.lease_until >= now(), false) as leased,
        t.attempts, t.last_error
      from authorizer a join authorizer_token t
        on t.provider_id = a.provider_id and t.authorizer_appid = a.authorizer_appid
      where a.provider_id = ? and a.authorizer_appid = ?
      """;

  private final ProviderTransactions transactions;
  private final TokenSeals seals;

  TokenReads(ProviderTransactions transactions, TokenSeals seals) {
    this.transactions = transactions;
    this.seals = seals;
  }

  /** Empty when the provider has no such merchant. */
  Optional<StoredToken> current(AuthorizerId id) {
    return transactions.query(
        id.provider(),
        READ,
        (query, first) -> {
          query.setObject(first, id.provider().value());
          query.setString(first + 1, id.authorizerAppid());
        },
        row -> row.next() ? Optional.of(stored(id, row)) : Optional.empty());
  }

  private StoredToken stored(AuthorizerId id, ResultSet row) throws SQLException {
    return new StoredToken(
        AuthorizerStatus.valueOf(row.getString("status")),
        seals.openAccess(id, row.getBytes("access_token")),
        Columns.instant(row, "access_token_expires_at"),
        Columns.instant(row, "next_refresh_at"),
        Columns.instant(row, "last_used_at"),
        row.getLong("generation"),
        row.getBoolean("leased"),
        row.getInt("attempts"),
        LastError.parse(row.getString("last_error")));
  }
}
