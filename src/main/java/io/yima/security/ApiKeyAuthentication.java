package io.yima.security;

import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.identity.request.AuthenticationRequest;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.quarkus.vertx.http.runtime.security.HttpSecurityUtils;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import io.yima.api.VertxProblems;
import io.yima.limits.PresentedKey;
import io.yima.secrets.Secret;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Takes the key out of {@code Authorization: Bearer} on the paths that ask for one, or at the
 * gateway the token out of the query.
 */
@ApplicationScoped
class ApiKeyAuthentication implements HttpAuthenticationMechanism {

  private static final String SCHEME = "Bearer";
  private static final List<String> PATHS = List.of("/api/", "/gateway/");

  @Override
  public Uni<SecurityIdentity> authenticate(
      RoutingContext context, IdentityProviderManager identityProviderManager) {
    // Elsewhere, a header that is not for us must not lead to a 401.
    return PATHS.stream().anyMatch(context.normalizedPath()::startsWith)
        ? shown(context)
            .map(request -> HttpSecurityUtils.setRoutingContextAttribute(request, context))
            .map(identityProviderManager::authenticate)
            .orElseGet(() -> Uni.createFrom().nullItem())
        : Uni.createFrom().nullItem();
  }

  @Override
  public Uni<ChallengeData> getChallenge(RoutingContext context) {
    return Uni.createFrom().item(new ChallengeData(401, "WWW-Authenticate", SCHEME));
  }

  /**
   * Reached for paths under /api and /gateway that no resource answers; those of resources have a
   * mapper.
   */
  @Override
  public Uni<Boolean> sendChallenge(RoutingContext context) {
    VertxProblems.send(
        context, shown(context).isPresent() ? ApiKeyProblems.invalid() : ApiKeyProblems.missing());
    return Uni.createFrom().item(true);
  }

  @Override
  public Set<Class<? extends AuthenticationRequest>> getCredentialTypes() {
    return Set.of(ApiKeyRequest.class, GatewayTokenRequest.class);
  }

  private static Optional<AuthenticationRequest> shown(RoutingContext context) {
    return PresentedKey.of(context)
        .<AuthenticationRequest>map(key -> new ApiKeyRequest(Secret.of(key)))
        .or(
            () ->
                PresentedKey.gatewayToken(context)
                    .map(token -> new GatewayTokenRequest(Secret.of(token))));
  }
}
