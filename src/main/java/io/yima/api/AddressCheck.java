package io.yima.api;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.ByteArrayOutputStream;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses addresses of the API that mean another than they say. The server would drop what follows
 * a {@code ;}, merge slashes and replace what is not UTF-8, and so answer {@code …/a;b/withdraw}
 * with what becomes of {@code a}.
 */
@ApplicationScoped
class AddressCheck {

  private static final Pattern TRICK =
      Pattern.compile(";|\\\\|//|/(?:\\.|%2e){1,2}(?:/|$)", Pattern.CASE_INSENSITIVE);
  private static final int AFTER_AUTHORIZATION = 50;

  void register(@Observes Filters filters) {
    filters.register(AddressCheck::check, AFTER_AUTHORIZATION);
  }

  private static void check(RoutingContext context) {
    HttpServerRequest request = context.request();
    String path = context.normalizedPath();
    if (!path.equals("/api") && !path.startsWith("/api/")) {
      context.next();
      return;
    }
    refusal(request.path(), request.query())
        .ifPresentOrElse(
            detail -> VertxProblems.send(context, Problems.of(400, "invalid_address", detail)),
            context::next);
  }

  /** What is wrong with an address whose escapes are whole. */
  static Optional<String> refusal(String path, @Nullable String query) {
    if (TRICK.matcher(path).find()) {
      return Optional.of(
          "A path has no empty or dotted parts, and its parts no ';' or '\\' that is not escaped.");
    }
    return isUtf8(path) && (query == null || isUtf8(query))
        ? Optional.empty()
        : Optional.of("What the address has escaped is not UTF-8.");
  }

  private static boolean isUtf8(String escaped) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(escaped.length());
    for (int i = 0; i < escaped.length(); i++) {
      char c = escaped.charAt(i);
      if (c == '%') {
        bytes.write(Integer.parseInt(escaped, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.write(c);
      }
    }
    return TextRules.utf8(bytes.toByteArray()).isPresent();
  }
}
