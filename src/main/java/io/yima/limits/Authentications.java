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

  /** The key with this SHA-256 is valid. */
  public void succeeded(byte[] sha256, @Nullable String componentAppid) {
    owners.put(PresentedKey.hash(sha256), new Owner(componentAppid));
  }

  /** The key or token that this request shows is valid. */
  public void succeeded(RoutingContext context, String componentAppid) {
    PresentedKey.counted(context).ifPresent(shown -> owners.put(shown, new Owner(componentAppid)));
  }

  /** This request's key is none, or is valid no longer. */
  public void failed(RoutingContext context) {
    PresentedKey.counted(context).ifPresent(owners::invalidate);
    failures.take(RemoteAddress.of(context));
  }

  /**
   * Throws the 429 for a key that nobody could see when the request was let in, unless it was
   * lately found valid or this address has guessed little.
   */
  public void requireFewFailures(RoutingContext context, byte[] sha256) {
    Allowance guesses = failuresOf(RemoteAddress.of(context));
    if (owner(PresentedKey.hash(sha256)).isEmpty() && !guesses.given()) {
      throw Admission.tooManyFailures(guesses);
    }
  }

  Optional<Owner> owner(String hash) {
    return Optional.ofNullable(owners.getIfPresent(hash));
  }

  /** Whether one more failure of this address would be taken. */
  Allowance failuresOf(String address) {
    return failures.look(address);
  }
}
