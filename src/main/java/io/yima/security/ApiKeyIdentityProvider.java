package io.yima.security;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpSecurityUtils;
import io.smallrye.mutiny.Uni;
import io.yima.limits.Authentications;
import io.yima.tenancy.ProviderEntry;
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
  private final Authentications authentications;
  private final Clock clock;

  ApiKeyIdentityProvider(
      OperatorKey operatorKey,
      ApiKeyLookup lookup,
      KeyUse keyUse,
      Authentications authentications,
      Clock clock) {
    this.operatorKey = operatorKey;
    this.lookup = lookup;
    this.keyUse = keyUse;
    this.authentications = authentications;
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
      return Uni.createFrom().failure(failed(request));
    }
    byte[] sha256 = ApiKeySecret.sha256(request.key());
    Optional<AuthenticatedKey> bootstrap = operatorKey.match(sha256);
    return bootstrap.isPresent()
        ? Uni.createFrom().item(identity(bootstrap.get(), sha256))
        : context.runBlocking(() -> stored(request, sha256));
  }

  private SecurityIdentity stored(ApiKeyRequest request, byte[] sha256) {
    Instant now = clock.instant();
    AuthenticatedKey key = lookup.find(sha256).orElseThrow(() -> failed(request));
    keyUse.used(key, now);
    return identity(key, sha256);
  }

  private AuthenticationFailedException failed(ApiKeyRequest request) {
    authentications.failed(HttpSecurityUtils.getRoutingContextAttribute(request));
    return new AuthenticationFailedException();
  }

  private SecurityIdentity identity(AuthenticatedKey key, byte[] sha256) {
    ProviderEntry provider = key.provider();
    authentications.succeeded(sha256, provider == null ? null : provider.componentAppid());
    return QuarkusSecurityIdentity.builder().setPrincipal(key).addRoles(key.roles()).build();
  }
}
