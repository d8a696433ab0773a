package io.yima.security;

import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.CurrentIdentityAssociation;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.vertx.http.runtime.security.HttpSecurityUtils;
import io.vertx.ext.web.RoutingContext;
import io.yima.limits.Authentications;
import io.yima.secrets.Sealer;
import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;

/** Lets an SDK in that shows a key as the secret of an account, and gives it a token for it. */
@ApplicationScoped
public class GatewaySignIn {

  /** What SDKs count on [DEV-AT]. */
  private static final Duration LIFE = Duration.ofHours(2);

  private final IdentityProviderManager identities;
  private final CurrentIdentityAssociation current;
  private final Authentications authentications;
  private final Sealer sealer;
  private final Clock clock;

  GatewaySignIn(
      IdentityProviderManager identities,
      CurrentIdentityAssociation current,
      Authentications authentications,
      Sealer sealer,
      Clock clock) {
    this.identities = identities;
    this.current = current;
    this.authentications = authentications;
    this.sealer = sealer;
    this.clock = clock;
  }

  /** A token, and for how long. */
  public record Issued(Secret token, Duration life) {}

  /**
   * From here on this request acts with the key. Throws the 401 for a key that is none, the 403 for
   * one of another scope than {@code gateway}, the 429 for a guess too many.
   */
  public void signIn(RoutingContext context, Secret key) {
    authentications.requireFewFailures(context, ApiKeySecret.sha256(key));
    ApiKeyRequest request = new ApiKeyRequest(key);
    HttpSecurityUtils.setRoutingContextAttribute(request, context);
    SecurityIdentity identity;
    try {
      identity = identities.authenticateBlocking(request);
    } catch (AuthenticationFailedException e) {
      throw ApiKeyProblems.invalid();
    }
    if (!identity.hasRole(Scope.GATEWAY)) {
      throw ApiKeyProblems.scopeMissing(Scope.GATEWAY);
    }
    current.setIdentity(identity);
  }

  /** A token for one merchant, of the key that this request has signed in with. */
  public Issued issue(AuthorizerId authorizer) {
    if (!(current.getIdentity().getPrincipal() instanceof AuthenticatedKey key)) {
      throw ApiKeyProblems.missing();
    }
    Instant expiresAt = clock.instant().plus(LIFE);
    GatewayToken token = new GatewayToken(authorizer.authorizerAppid(), expiresAt);
    return new Issued(
        token.issued(sealer, key, Objects.requireNonNull(key.id(), "a provider's key has an id")),
        LIFE);
  }
}
