package io.yima.security;

import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import io.yima.api.Problems;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderDirectory;
import io.yima.tenancy.ProviderEntry;
import jakarta.enterprise.context.RequestScoped;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/** Who sent this request, and for which tenant it acts. */
@RequestScoped
public class Caller {

  private static final String PROVIDER_HEADER = "Yima-Provider";
  private static final String ACTOR_HEADER = "Yima-Actor";
  private static final int MAX_ACTOR_LENGTH = 128;

  private final SecurityIdentity identity;
  private final RoutingContext request;
  private final ProviderDirectory providers;
  private @Nullable ProviderEntry provider;

  Caller(SecurityIdentity identity, RoutingContext request, ProviderDirectory providers) {
    this.identity = identity;
    this.request = request;
    this.providers = providers;
  }

  /**
   * The tenant: the key's own provider, or the one an operator names in {@code Yima-Provider}.
   * Throws the 400 {@code provider_required} when an operator names none, 404 when it is unknown.
   */
  public ProviderEntry provider() {
    ProviderEntry known = provider;
    if (known == null) {
      known = determineProvider();
      provider = known;
      MDC.put("provider", known.componentAppid());
    }
    return known;
  }

  /**
   * A merchant of the tenant, not looked up yet: 403 when the key is restricted to others, told
   * without looking; 404 when the text cannot be an appid.
   */
  public AuthorizerId authorizer(String authorizerAppid) {
    if (onlyAuthorizers().filter(allowed -> !allowed.contains(authorizerAppid)).isPresent()) {
      throw ApiKeyProblems.authorizerNotAllowed();
    }
    if (!AuthorizerId.isAppid(authorizerAppid)) {
      throw Problems.notFound("authorizer_not_found", "There is no such authorizer.");
    }
    return new AuthorizerId(provider().id(), authorizerAppid);
  }

  /** The appids that the key is restricted to; empty when it is not. Lists must filter by it. */
  public Optional<Set<String>> onlyAuthorizers() {
    return Optional.ofNullable(key().authorizerAppids());
  }

  /** How ledger and history name the key: its name and shown prefix. */
  public String requestedBy() {
    return key().getName();
  }

  /** {@code Yima-Actor}: whom the caller acts for, when it says so. Throws the 400. */
  public @Nullable String actor() {
    String header = request.request().getHeader(ACTOR_HEADER);
    if (header == null || header.isBlank()) {
      return null;
    }
    // Header bytes reach us as Latin-1; people write their names in UTF-8.
    String actor =
        new String(header.strip().getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8);
    if (actor.codePointCount(0, actor.length()) > MAX_ACTOR_LENGTH
        || actor.codePoints().anyMatch(Character::isISOControl)) {
      throw Problems.of(
          400,
          "invalid_header",
          ACTOR_HEADER + " takes up to " + MAX_ACTOR_LENGTH + " characters, no control ones.");
    }
    return actor;
  }

  private ProviderEntry determineProvider() {
    String named = request.request().getHeader(PROVIDER_HEADER);
    ProviderEntry own = key().provider();
    if (own == null) {
      return namedByOperator(named);
    }
    if (named != null && !named.strip().equals(own.componentAppid())) {
      throw ApiKeyProblems.operatorOnly();
    }
    return own;
  }

  private ProviderEntry namedByOperator(@Nullable String componentAppid) {
    if (componentAppid == null || componentAppid.isBlank()) {
      throw Problems.of(
          400,
          "provider_required",
          "An operator says for which provider: header "
              + PROVIDER_HEADER
              + ": <component_appid>.");
    }
    return providers
        .find(componentAppid.strip())
        .filter(found -> !found.archived())
        .orElseThrow(() -> Problems.notFound("provider_not_found", "There is no such provider."));
  }

  private AuthenticatedKey key() {
    if (identity.getPrincipal() instanceof AuthenticatedKey key) {
      return key;
    }
    throw ApiKeyProblems.missing();
  }
}
