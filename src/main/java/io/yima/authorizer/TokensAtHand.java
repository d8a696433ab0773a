package io.yima.authorizer;

import io.yima.tenancy.AuthorizerId;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Merchants' tokens as they stood when work was claimed, for the calls that follow at once: a
 * thousand of them need not ask the database a thousand times.
 */
public final class TokensAtHand {

  /** For calls that have to look for their token. */
  public static final TokensAtHand NONE = new TokensAtHand(Map.of());

  private final Map<AuthorizerId, StoredToken> tokens;

  TokensAtHand(Map<AuthorizerId, StoredToken> tokens) {
    this.tokens = Map.copyOf(tokens);
  }

  @Nullable StoredToken of(AuthorizerId authorizer) {
    return tokens.get(authorizer);
  }
}
