package io.yima.authorizer;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.yima.database.Columns;
import io.yima.database.GroupRead;
import io.yima.database.WorkerDatabase;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.work.LastError;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/**
 * Reads merchants' tokens, of all of a provider's that are asked for at once in one round trip;
 * without a cache, so that a revocation and a refresh count at once on every node.
 */
@ApplicationScoped
class TokenReads {

  private static final String COLUMNS =
      """
      a.status, t.access_token, t.access_token_expires_at, t.next_refresh_at, t.last_used_at,
      t.generation, coalesce(t.lease_until >= now(), false) as leased, t.attempts, t.last_error
      """;

  private static final String READ =
      "select a.authorizer_appid, "
          + COLUMNS
          + """
          from authorizer a join authorizer_token t
            on t.provider_id = a.provider_id and t.authorizer_appid = a.authorizer_appid
          where a.provider_id = ? and a.authorizer_appid = any(?)
          """;

  private static final String READ_MANY =
      "select a.provider_id, a.authorizer_appid, "
          + COLUMNS
          + """
          from unnest(?::uuid[], ?::text[]) as v(provider_id, authorizer_appid)
            join authorizer a
              on a.provider_id = v.provider_id and a.authorizer_appid = v.authorizer_appid
            join authorizer_token t
              on t.provider_id = v.provider_id and t.authorizer_appid = v.authorizer_appid
          """;

  private final ProviderTransactions transactions;
  private final WorkerDatabase worker;
  private final TokenSeals seals;

  /** Kept as long as somebody reads. */
  private final Cache<ProviderId, GroupRead<String, StoredToken>> readers =
      Caffeine.newBuilder().weakValues().build();

  TokenReads(ProviderTransactions transactions, WorkerDatabase worker, TokenSeals seals) {
    this.transactions = transactions;
    this.worker = worker;
    this.seals = seals;
  }

  /** Empty when the provider has no such merchant. */
  Optional<StoredToken> current(AuthorizerId id) {
    return readers.get(id.provider(), this::reader).find(id.authorizerAppid());
  }

  private GroupRead<String, StoredToken> reader(ProviderId provider) {
    return new GroupRead<>("a read of tokens", appids -> current(provider, appids));
  }

  private Map<String, StoredToken> current(ProviderId provider, Set<String> appids) {
    return transactions.query(
        provider,
        READ,
        (query, first) -> {
          query.setObject(first, provider.value());
          query.setArray(first + 1, query.getConnection().createArrayOf("text", appids.toArray()));
        },
        row -> {
          Map<String, StoredToken> found = new HashMap<>();
          while (row.next()) {
            String appid = row.getString("authorizer_appid");
            found.put(appid, stored(new AuthorizerId(provider, appid), row));
          }
          return found;
        });
  }

  /**
   * Of many merchants, for background work of all providers. Those that are unknown are left out.
   */
  Map<AuthorizerId, StoredToken> current(Collection<AuthorizerId> ids) {
    return worker.statement(
        connection -> {
          try (PreparedStatement query = connection.prepareStatement(READ_MANY)) {
            MerchantArrays.bind(query, 1, ids);
            Map<AuthorizerId, StoredToken> found = new HashMap<>();
            try (ResultSet rows = query.executeQuery()) {
              while (rows.next()) {
                ProviderId provider = new ProviderId(rows.getObject("provider_id", UUID.class));
                AuthorizerId id = new AuthorizerId(provider, rows.getString("authorizer_appid"));
                found.put(id, stored(id, rows));
              }
            }
            return found;
          }
        });
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
