package io.yima.security;

import io.yima.tenancy.ProviderEntry;
import java.security.Principal;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A valid key that a request came with. Without a provider it is an operator's; without an id the
 * bootstrap one, which no table knows.
 */
record AuthenticatedKey(
    @Nullable UUID id,
    String name,
    String prefix,
    Set<String> scopes,
    @Nullable ProviderEntry provider,
    @Nullable Set<String> authorizerAppids,
    @Nullable Instant lastUsedAt)
    implements Principal {

  /** An operator may do everything but speak as an SDK through the gateway. */
  private static final Set<String> OPERATOR_ROLES =
      Set.of(Scope.OPERATOR, Scope.READ, Scope.WRITE, Scope.TOKENS, Scope.CODES);

  static AuthenticatedKey bootstrap(String prefix) {
    return new AuthenticatedKey(null, "bootstrap", prefix, OPERATOR_ROLES, null, null, null);
  }

  /** The same key for one merchant, of those that it is for. */
  AuthenticatedKey only(String authorizerAppid) {
    return new AuthenticatedKey(
        id, name, prefix, scopes, provider, Set.of(authorizerAppid), lastUsedAt);
  }

  /** Whether it may act for this merchant, as far as the key itself says. */
  boolean mayActFor(String authorizerAppid) {
    return authorizerAppids == null || authorizerAppids.contains(authorizerAppid);
  }

  boolean isOperator() {
    return provider == null;
  }

  Set<String> roles() {
    if (isOperator()) {
      return OPERATOR_ROLES;
    }
    Set<String> roles = new HashSet<>(scopes);
    roles.remove(Scope.OPERATOR);
    return roles;
  }

  /** How ledger, history and log name the key. */
  @Override
  public String getName() {
    return name + " (" + prefix + "…)";
  }
}
