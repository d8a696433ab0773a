package io.yima.security;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.smallrye.mutiny.Uni;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** Turns a key into an identity whose roles are the key's scopes. */
@ApplicationScoped
class ApiKeyIdentityProvider implements IdentityProvider<ApiKeyRequest> {

  private final OperatorKey operatorKey;
  private final ApiKeyLookup lookup;
  private final KeyUse keyUse;
  private final Clock clock;

  ApiKeyIdentityProvider(OperatorKey operatorKey, ApiKeyLookup lookup, KeyUse keyUse, Clock clock) {
    this.operatorKey = operatorKey;
    this.lookup = lookup;
    this.keyUse = keyUse;
    this.clock = clock;
  }

  @Override
  public Class<ApiKeyRequest> getRequestType() {
    return ApiKeyRequest.class;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      ApiKeyRequest request, AuthenticationRequestContext context) {
    // The checksum spares the database the keys that nobody was ever given.
    if (!ApiKeySecret.isWellFormed(request.key().reveal())) {
      return Uni.createFrom().failure(new AuthenticationFailedException());
    }
    byte[] sha256 = ApiKeySecret.sha256(request.key());
    Optional<AuthenticatedKey> bootstrap = operatorKey.match(sha256);
    return bootstrap.isPresent()
        ? Uni.createFrom().item(identity(bootstrap.get()))
        : context.runBlocking(() -> stored(sha256));
  }

  private SecurityIdentity stored(byte[] sha256) {
    Instant now = clock.instant();
    AuthenticatedKey key = lookup.find(sha256, now).orElseThrow(AuthenticationFailedException::new);
    keyUse.used(key, now);
    return identity(key);
  }

  private static SecurityIdentity identity(AuthenticatedKey key) {
    return QuarkusSecurityIdentity.builder().setPrincipal(key).addRoles(key.roles()).build();
  }
}
