package io.yima.security;

import io.quarkus.security.identity.SecurityIdentity;
import io.vertx.ext.web.RoutingContext;
import io.yima.api.Problems;
import io.yima.api.RequestId;
import io.yima.api.TextRules;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderDirectory;
import io.yima.tenancy.ProviderEntry;
import jakarta.enterprise.context.RequestScoped;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
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
    requireAllowed(authorizerAppid);
    if (!AuthorizerId.isAppid(authorizerAppid)) {
      throw Problems.notFound("authorizer_not_found", "There is no such authorizer.");
    }
    return new AuthorizerId(provider().id(), authorizerAppid);
  }

  /** Throws the 403 for a key that is restricted to other merchants, or for null: to any at all. */
  public void requireAllowed(@Nullable String authorizerAppid) {
    Set<String> only = key().authorizerAppids();
    if (only != null && (authorizerAppid == null || !key().mayActFor(authorizerAppid))) {
      throw ApiKeyProblems.authorizerNotAllowed();
    }
  }

  /** The appids that the key is restricted to; empty when it is not. Lists must filter by it. */
  public Optional<Set<String>> onlyAuthorizers() {
    return Optional.ofNullable(key().authorizerAppids());
  }

  /** Whether the key has this scope, for what an answer shows to some keys only. */
  public boolean may(String scope) {
    return identity.hasRole(scope);
  }

  /** How ledger and history name the key: its name and shown prefix. */
  public String requestedBy() {
    return key().getName();
  }

  /**
   * What of the tenant the key may see, as a text that differs whenever that does: cursors are
   * bound to it.
   */
  public String sight() {
    String tenant = provider().id().toString();
    return onlyAuthorizers().map(only -> tenant + new TreeSet<>(only)).orElse(tenant);
  }

  /** The key's id; null for the bootstrap key, which no table knows. */
  public @Nullable UUID keyId() {
    return key().id();
  }

  /** What {@code X-Request-Id} of the answer says. */
  public String requestId() {
    return RequestId.of(request);
  }

  /** {@code Yima-Actor}: whom the caller acts for, when it says so. Throws the 400. */
  public @Nullable String actor() {
    String header = header(ACTOR_HEADER);
    if (header == null || header.isBlank()) {
      return null;
    }
    // Header bytes reach us as Latin-1; people write their names in UTF-8.
    return TextRules.utf8(header.strip().getBytes(StandardCharsets.ISO_8859_1))
        .filter(actor -> actor.codePointCount(0, actor.length()) <= MAX_ACTOR_LENGTH)
        .filter(actor -> actor.codePoints().noneMatch(Character::isISOControl))
        .orElseThrow(
            () ->
                invalidHeader(
                    ACTOR_HEADER
                        + " takes up to "
                        + MAX_ACTOR_LENGTH
                        + " characters in UTF-8, no control ones."));
  }

  private ProviderEntry determineProvider() {
    String named = header(PROVIDER_HEADER);
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

  /** Of two, nobody can tell which one counts. */
  private @Nullable String header(String name) {
    List<String> values = request.request().headers().getAll(name);
    if (values.size() > 1) {
      throw invalidHeader(name + " is given more than once.");
    }
    return values.isEmpty() ? null : values.getFirst();
  }

  private static RuntimeException invalidHeader(String detail) {
    return Problems.of(400, "invalid_header", detail);
  }

  private AuthenticatedKey key() {
    if (identity.getPrincipal() instanceof AuthenticatedKey key) {
      return key;
    }
    throw ApiKeyProblems.missing();
  }
}
