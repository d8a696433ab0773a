package io.yima.security;

import io.agroal.api.AgroalDataSource;
import io.yima.database.DatabaseFailed;
import io.yima.tenancy.ProviderEntry;
import io.yima.tenancy.ProviderId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds who a key belongs to, in one statement and without a cache, so that a revocation counts at
 * once on every node.
 */
@ApplicationScoped
class ApiKeyLookup {

  private static final String VALID =
      """
      select k.id, k.name, k.prefix, k.scopes, k.authorizer_appids, k.last_used_at,
             p.id as provider_id, p.component_appid, p.name as provider_name
      from api_key k left join provider p on p.id = k.provider_id
      where k.revoked_at is null
        and (k.expires_at is null or k.expires_at > ?)
        and (k.provider_id is null or p.status = 'ACTIVE')
      """;

  private static final String BY_HASH = VALID + "  and k.secret_sha256 = ?";
  private static final String BY_ID = VALID + "  and k.id = ?";

  private final AgroalDataSource dataSource;

  ApiKeyLookup(AgroalDataSource dataSource) {
    this.dataSource = dataSource;
  }

  /** The valid key with this hash; revoked, expired and archived providers' ones are none. */
  Optional<AuthenticatedKey> find(byte[] sha256, Instant now) {
    return find(BY_HASH, sha256, now);
  }

  /** The valid key with this id. */
  Optional<AuthenticatedKey> find(UUID id, Instant now) {
    return find(BY_ID, id, now);
  }

  private Optional<AuthenticatedKey> find(String query, Object which, Instant now) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement select = connection.prepareStatement(query)) {
      select.setObject(1, now.atOffset(ZoneOffset.UTC));
      select.setObject(2, which);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(key(row)) : Optional.empty();
      }
    } catch (SQLException e) {
      throw new DatabaseFailed(e);
    }
  }

  private static AuthenticatedKey key(ResultSet row) throws SQLException {
    Set<String> scopes = texts(row.getArray("scopes"));
    OffsetDateTime lastUsedAt = row.getObject("last_used_at", OffsetDateTime.class);
    return new AuthenticatedKey(
        row.getObject("id", UUID.class),
        row.getString("name"),
        row.getString("prefix"),
        scopes == null ? Set.of() : scopes,
        provider(row),
        texts(row.getArray("authorizer_appids")),
        lastUsedAt == null ? null : lastUsedAt.toInstant());
  }

  private static @Nullable ProviderEntry provider(ResultSet row) throws SQLException {
    UUID id = row.getObject("provider_id", UUID.class);
    return id == null
        ? null
        : new ProviderEntry(
            new ProviderId(id),
            row.getString("component_appid"),
            row.getString("provider_name"),
            false);
  }

  private static @Nullable Set<String> texts(@Nullable Array array) throws SQLException {
    return array == null ? null : Set.of((String[]) array.getArray());
  }
}
