package io.yima.security;

import io.quarkus.runtime.Startup;
import io.yima.secrets.Secret;
import jakarta.enterprise.context.ApplicationScoped;
import java.security.MessageDigest;
import java.util.Optional;

/** The bootstrap operator key, which a deployment brings itself and no table knows. */
@Startup
@ApplicationScoped
class OperatorKey {

  private static final String REMEDY =
      " Make one with: java -jar quarkus-run.jar new-operator-key, and give it to every node.";

  private final byte[] sha256;
  private final AuthenticatedKey key;

  OperatorKey(SecurityConfig config) {
    Secret secret = checked(config.operatorKey());
    sha256 = ApiKeySecret.sha256(secret);
    key = AuthenticatedKey.bootstrap(ApiKeySecret.shownPart(secret));
  }

  /** The key when this is its hash; takes the same time wherever the hashes differ. */
  Optional<AuthenticatedKey> match(byte[] hash) {
    return MessageDigest.isEqual(sha256, hash) ? Optional.of(key) : Optional.empty();
  }

  static Secret checked(Optional<String> setting) {
    String text = setting.map(String::strip).orElse("");
    if (text.isEmpty()) {
      throw new IllegalStateException("YIMA_OPERATOR_KEY is not set." + REMEDY);
    }
    if (!text.startsWith(ApiKeySecret.OPERATOR_PREFIX) || !ApiKeySecret.isWellFormed(text)) {
      throw new IllegalStateException("YIMA_OPERATOR_KEY is no operator key." + REMEDY);
    }
    return Secret.of(text);
  }
}
