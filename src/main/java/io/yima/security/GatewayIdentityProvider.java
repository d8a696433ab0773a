package io.yima.security;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.AuthenticationRequestContext;
import io.quarkus.security.identity.IdentityProvider;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpSecurityUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import io.yima.limits.Authentications;
import io.yima.secrets.Sealer;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Turns a gateway token into its key's identity, bound to the token's merchant. The key is looked
 * up each time, so that its revocation ends its tokens at once.
 */
@ApplicationScoped
class GatewayIdentityProvider implements IdentityProvider<GatewayTokenRequest> {

  private final ApiKeyLookup lookup;
  private final KeyUse keyUse;
  private final Authentications authentications;
  private final Sealer sealer;
  private final Clock clock;

  GatewayIdentityProvider(
      ApiKeyLookup lookup,
      KeyUse keyUse,
      Authentications authentications,
      Sealer sealer,
      Clock clock) {
    this.lookup = lookup;
    this.keyUse = keyUse;
    this.authentications = authentications;
    this.sealer = sealer;
    this.clock = clock;
  }

  @Override
  public Class<GatewayTokenRequest> getRequestType() {
    return GatewayTokenRequest.class;
  }

  @Override
  public Uni<SecurityIdentity> authenticate(
      GatewayTokenRequest request, AuthenticationRequestContext context) {
    RoutingContext routing = HttpSecurityUtils.getRoutingContextAttribute(request);
    Optional<GatewayToken.Shown> shown = GatewayToken.read(request.token());
    return shown.isPresent()
        ? context.runBlocking(() -> identity(routing, shown.get()))
        : Uni.createFrom().failure(failed(routing));
  }

  private SecurityIdentity identity(RoutingContext routing, GatewayToken.Shown shown) {
    Instant now = clock.instant();
    @Nullable AuthenticatedKey key = lookup.find(shown.key()).orElse(null);
    if (key == null || key.provider() == null || !key.scopes().contains(Scope.GATEWAY)) {
      throw failed(routing);
    }
    GatewayToken token =
        GatewayToken.open(sealer, key, shown)
            .filter(opened -> opened.expiresAt().isAfter(now))
            .filter(opened -> key.mayActFor(opened.authorizerAppid()))
            .orElseThrow(() -> failed(routing));
    keyUse.used(key, now);
    authentications.succeeded(routing, key.provider().componentAppid());
    AuthenticatedKey bound = key.only(token.authorizerAppid());
    return QuarkusSecurityIdentity.builder().setPrincipal(bound).addRoles(bound.roles()).build();
  }

  private AuthenticationFailedException failed(RoutingContext routing) {
    authentications.failed(routing);
    return new AuthenticationFailedException();
  }
}
