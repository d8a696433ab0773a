package io.yima.limits;

import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import io.yima.secrets.Sha256;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * What a request shows to say who sent it, valid or not: the text after {@code Authorization:
 * Bearer}, or at the gateway a token in the query, where WeChat's SDKs put it.
 */
public final class PresentedKey {

  private static final String SCHEME = "Bearer ";
  private static final String GATEWAY = "/gateway/";
  private static final String ACCESS_TOKEN = "access_token";

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

  /** The token that a call at the gateway comes with; empty elsewhere, and where there are two. */
  public static Optional<String> gatewayToken(RoutingContext context) {
    if (!context.normalizedPath().startsWith(GATEWAY)) {
      return Optional.empty();
    }
    List<String> tokens = context.queryParam(ACCESS_TOKEN);
    return tokens.size() == 1
        ? Optional.of(tokens.getFirst()).filter(token -> !token.isEmpty())
        : Optional.empty();
  }

  /**
   * Under what a request is counted: its key, or the part of its token that names the key, so that
   * many tokens of one key are no more than one.
   */
  static Optional<String> counted(RoutingContext context) {
    return of(context)
        .or(
            () ->
                gatewayToken(context)
                    .map(
                        token ->
                            token.contains(".") ? token.substring(0, token.indexOf('.')) : token))
        .map(PresentedKey::hash);
  }

  /** How this room knows a key; the key itself is kept nowhere. */
  static String hash(String key) {
    return hash(Sha256.of(key));
  }

  static String hash(byte[] sha256) {
    return HexFormat.of().formatHex(sha256);
  }
}
