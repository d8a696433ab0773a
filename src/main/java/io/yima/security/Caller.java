package io.yima.security;

import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderEntry;
import jakarta.enterprise.context.RequestScoped;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Who sent this request, and for which tenant it acts. */
@RequestScoped
public class Caller {

  /**
   * The tenant: the key's own provider, or the one an operator names in {@code Yima-Provider}.
   * Throws the 400 {@code provider_required} when an operator names none, 404 when it is unknown.
   */
  public ProviderEntry provider() {
    throw new IllegalStateException("to be written");
  }

  /**
   * A merchant of the tenant, not looked up yet: 403 when the key is restricted to others, told
   * without looking; 404 when the text cannot be an appid.
   */
  public AuthorizerId authorizer(String authorizerAppid) {
    throw new IllegalStateException("to be written " + authorizerAppid);
  }

  /** The appids that the key is restricted to; empty when it is not. Lists must filter by it. */
  public Optional<Set<String>> onlyAuthorizers() {
    return Optional.empty();
  }

  /** How ledger and history name the key: its name and shown prefix. */
  public String requestedBy() {
    throw new IllegalStateException("to be written");
  }

  /** {@code Yima-Actor}: whom the caller acts for, when it says so. */
  public @Nullable String actor() {
    return null;
  }
}
