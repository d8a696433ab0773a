package io.yima.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How authentications lately ended on this node. It decides under whose name a request is counted,
 * and whether its key is worth a look-up; never what a key may do.
 *
 * <p>Wrong keys are counted by the address they come from. An address that had too many is looked
 * up for no more, except with keys that were lately found valid: who guesses shuts no neighbour
 * out.
 */
@ApplicationScoped
public class Authentications {

  static final String CALLER = "yima.limits.caller";

  private static final int KEYS = 50_000;

  /**
   * Whose a key is.
   *
   * @param componentAppid null for an operator's key, which acts for any provider
   */
  record Owner(@Nullable String componentAppid) {

    boolean isOperator() {
      return componentAppid == null;
    }
  }

  private final Cache<String, Owner> owners = Caffeine.newBuilder().maximumSize(KEYS).build();
  private final RateLimit failures;

  Authentications(LimitSettings settings) {
    failures = new RateLimit(settings.failures());
  }

  /**
   * Under which name this request is counted: its provider's component_appid, where it is known.
   */
  public String caller(RoutingContext context) {
    return String.valueOf(context.<Object>get(CALLER));
  }

  /** The key with this SHA-256 is valid. */
  public void succeeded(byte[] sha256, @Nullable String componentAppid) {
    owners.put(PresentedKey.hash(sha256), new Owner(componentAppid));
  }

  /** This request's key is none, or is valid no longer. */
  public void failed(RoutingContext context) {
    PresentedKey.of(context).map(PresentedKey::hash).ifPresent(owners::invalidate);
    failures.take(RemoteAddress.of(context));
  }

  Optional<Owner> owner(String hash) {
    return Optional.ofNullable(owners.getIfPresent(hash));
  }

  /** Whether one more failure of this address would be taken. */
  Allowance failuresOf(String address) {
    return failures.look(address);
  }
}
