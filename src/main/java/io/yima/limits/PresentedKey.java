package io.yima.limits;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.yima.secrets.Sha256;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/** The text after {@code Authorization: Bearer}, valid or not. */
public final class PresentedKey {

  private static final String SCHEME = "Bearer ";

  private PresentedKey() {}

  public static Optional<String> of(RoutingContext context) {
    List<String> headers = context.request().headers().getAll(HttpHeaders.AUTHORIZATION);
    // Of two keys, nobody can tell which one counts: neither does.
    String header = headers.size() == 1 ? headers.getFirst() : null;
    if (header == null || !header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())) {
      return Optional.empty();
    }
    return Optional.of(header.substring(SCHEME.length()).strip()).filter(key -> !key.isEmpty());
  }

  /** How this room knows a key; the key itself is kept nowhere. */
  static String hash(String key) {
    return hash(Sha256.of(key));
  }

  static String hash(byte[] sha256) {
    return HexFormat.of().formatHex(sha256);
  }
}
