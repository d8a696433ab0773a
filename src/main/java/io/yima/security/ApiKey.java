package io.yima.security;

import io.yima.secrets.Secret;
import io.yima.tenancy.ProviderId;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A provider's key. Only its revocation ever changes here; its last use is kept by KeyUse. */
@Entity
@Table(name = "api_key")
class ApiKey {

  @Id private UUID id;

  @Column(name = "provider_id", updatable = false)
  private UUID providerId;

  @Column(updatable = false)
  private String name;

  @Column(updatable = false)
  private String prefix;

  @Column(name = "secret_sha256", updatable = false)
  private byte[] secretSha256;

  @JdbcTypeCode(SqlTypes.ARRAY)
  @Column(columnDefinition = "text[]", updatable = false)
  private List<String> scopes;

  @JdbcTypeCode(SqlTypes.ARRAY)
  @Column(name = "authorizer_appids", columnDefinition = "text[]", updatable = false)
  private @Nullable List<String> authorizerAppids;

  @Column(name = "created_at", updatable = false)
  private Instant createdAt;

  @Column(name = "expires_at", updatable = false)
  private @Nullable Instant expiresAt;

  @Column(name = "last_used_at", insertable = false, updatable = false)
  private @Nullable Instant lastUsedAt;

  @Column(name = "revoked_at")
  private @Nullable Instant revokedAt;

  @SuppressWarnings("NullAway.Init") // Hibernate fills it.
  ApiKey() {}

  ApiKey(UUID id, ProviderId provider, Secret secret, CreateApiKey command, Instant now) {
    this.id = id;
    providerId = provider.value();
    name = command.name();
    prefix = ApiKeySecret.shownPart(secret);
    secretSha256 = ApiKeySecret.sha256(secret);
    scopes = command.scopes();
    authorizerAppids = command.authorizerAppids();
    createdAt = now;
    expiresAt = command.expiresAt();
  }

  /** The first revocation counts: false when it has been revoked. */
  boolean revoke(Instant now) {
    if (revokedAt != null) {
      return false;
    }
    revokedAt = now;
    return true;
  }

  /** Its name and what is shown of it. */
  String label() {
    return name + " (" + prefix + "…)";
  }

  UUID id() {
    return id;
  }

  ApiKeyView view() {
    return new ApiKeyView(
        id, name, prefix, scopes, authorizerAppids, createdAt, expiresAt, lastUsedAt, revokedAt);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ApiKey that && id.equals(that.id);
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(id);
  }
}
