package io.yima.security;

import io.agroal.api.AgroalDataSource;
import io.yima.database.DatabaseFailed;
import io.yima.database.GroupRead;
import io.yima.tenancy.ConnectionShares;
import io.yima.tenancy.ProviderEntry;
import io.yima.tenancy.ProviderId;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.ByteBuffer;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Finds who a key belongs to, of all who ask at once in one statement and without a cache, so that
 * a revocation counts at once on every node. Revoked, expired and archived providers' keys are
 * none.
 */
@ApplicationScoped
class ApiKeyLookup {

  private static final String VALID =
      """
      select k.id, k.name, k.prefix, k.secret_sha256, k.scopes, k.authorizer_appids, k.last_used_at,
             p.id as provider_id, p.component_appid, p.name as provider_name
      from api_key k left join provider p on p.id = k.provider_id
      where k.revoked_at is null
        and (k.expires_at is null or k.expires_at > ?)
        and (k.provider_id is null or p.status = 'ACTIVE')
      """;

  private static final String BY_HASH = VALID + "  and k.secret_sha256 = any(?)";
  private static final String BY_ID = VALID + "  and k.id = any(?)";

  private final AgroalDataSource dataSource;
  private final ConnectionShares shares;
  private final Clock clock;

  // Hashes as buffers, which are equal when their bytes are.
  private final GroupRead<ByteBuffer, AuthenticatedKey> byHash =
      new GroupRead<>("a look-up of keys", this::byHash);
  private final GroupRead<UUID, AuthenticatedKey> byId =
      new GroupRead<>("a look-up of keys by id", this::byId);

  ApiKeyLookup(AgroalDataSource dataSource, ConnectionShares shares, Clock clock) {
    this.dataSource = dataSource;
    this.shares = shares;
    this.clock = clock;
  }

  /** The valid key with this hash. */
  Optional<AuthenticatedKey> find(byte[] sha256) {
    return byHash.find(ByteBuffer.wrap(sha256));
  }

  /** The valid key with this id. */
  Optional<AuthenticatedKey> find(UUID id) {
    return byId.find(id);
  }

  private Map<ByteBuffer, AuthenticatedKey> byHash(Set<ByteBuffer> hashes) {
    byte[][] bytes = hashes.stream().map(ByteBuffer::array).toArray(byte[][]::new);
    return read(BY_HASH, "bytea", bytes, row -> ByteBuffer.wrap(row.getBytes("secret_sha256")));
  }

  private Map<UUID, AuthenticatedKey> byId(Set<UUID> ids) {
    return read(BY_ID, "uuid", ids.toArray(), row -> row.getObject("id", UUID.class));
  }

  /** Reads what identifies a key. */
  @FunctionalInterface
  private interface Identity<K> {
    K of(ResultSet row) throws SQLException;
  }

  private <K> Map<K, AuthenticatedKey> read(
      String query, String type, Object[] which, Identity<K> identity) {
    return shares.lookUp(
        "keys of the API",
        () -> {
          try (Connection connection = dataSource.getConnection();
              PreparedStatement select = connection.prepareStatement(query)) {
            select.setObject(1, clock.instant().atOffset(ZoneOffset.UTC));
            select.setArray(2, connection.createArrayOf(type, which));
            Map<K, AuthenticatedKey> found = new HashMap<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                found.put(identity.of(row), key(row));
              }
            }
            return found;
          } catch (SQLException e) {
            throw new DatabaseFailed(e);
          }
        });
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
