package io.yima.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;
import java.util.Optional;

/**
 * How much of a request is taken. The server's own limits are wider than these (see {@code
 * application.properties} and {@code Main}), because what it refuses itself it answers with a bare
 * status, without a problem and a request id. That remains so for what is no HTTP at all: a request
 * line or a header that cannot be read, with raw control characters or bytes beyond ASCII in the
 * address, an impossible or contradictory Content-Length (400), a version that is not 1.x or 2
 * (501), a request line or headers of more than 64 KiB (414, 431), and broken chunks, at which the
 * connection is closed.
 */
@ApplicationScoped
class RequestLimits {

  static final long MAX_BODY = 1024 * 1024;

  private static final int MAX_ADDRESS = 8 * 1024;
  private static final int MAX_HEADERS = 20 * 1024;

  private static final int BEFORE_THE_SERVER_ENDS_IT = 50_000;

  void register(@Observes Filters filters) {
    filters.register(RequestLimits::check, BEFORE_THE_SERVER_ENDS_IT);
  }

  private static void check(RoutingContext context) {
    Optional<HttpProblem> refusal = refusal(context.request());
    if (refusal.isEmpty()) {
      context.next();
      return;
    }
    closeAfter(context);
    VertxProblems.send(context, refusal.get());
  }

  private static Optional<HttpProblem> refusal(HttpServerRequest request) {
    if (!isAddress(request.uri())) {
      return Optional.of(brokenAddress());
    }
    if (request.uri().length() > MAX_ADDRESS) {
      return Optional.of(
          Problems.of(414, "address_too_long", "The address is longer than " + MAX_ADDRESS + "."));
    }
    if (sizeOfHeaders(request) > MAX_HEADERS) {
      return Optional.of(
          Problems.of(431, "headers_too_large", "The headers have more bytes than are taken."));
    }
    return announcedLength(request) > MAX_BODY ? Optional.of(bodyTooLarge()) : Optional.empty();
  }

  static HttpProblem brokenAddress() {
    return Problems.of(400, "invalid_address", "The address has broken escapes.");
  }

  static HttpProblem bodyTooLarge() {
    return Problems.of(413, "body_too_large", "The body has more bytes than are taken.");
  }

  /** What is left of the request must not be taken for the next one. */
  static void closeAfter(RoutingContext context) {
    context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    context.response().endHandler(ended -> context.request().connection().close());
  }

  static boolean isAddress(String address) {
    try {
      URI _ = new URI(address);
      return true;
    } catch (URISyntaxException e) {
      return false;
    }
  }

  private static long sizeOfHeaders(HttpServerRequest request) {
    long size = 0;
    for (Map.Entry<String, String> header : request.headers()) {
      size += header.getKey().length() + header.getValue().length();
    }
    return size;
  }

  private static long announcedLength(HttpServerRequest request) {
    try {
      String length = request.getHeader(HttpHeaders.CONTENT_LENGTH);
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      // The server lets none through that is no number.
      return 0;
    }
  }
}
