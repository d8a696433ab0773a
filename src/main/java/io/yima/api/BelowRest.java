package io.yima.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Problems for requests that no resource answers, or that fail before one is reached. */
@ApplicationScoped
class BelowRest {

  private static final String PATHS = "/api/*";

  private static final int BEFORE_THE_SERVER_ENDS_IT = 50_000;

  private final long maxBodySize;

  BelowRest(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize maxBodySize) {
    this.maxBodySize = maxBodySize.asLongValue();
  }

  void register(@Observes Filters filters) {
    filters.register(this::refuseTooLarge, BEFORE_THE_SERVER_ENDS_IT);
  }

  void register(@Observes Router router) {
    // Behind REST, which hands on what it does not know.
    router.route(PATHS).order(Integer.MAX_VALUE - 1).handler(BelowRest::unknown);
    router.route(PATHS).order(-1_000).failureHandler(BelowRest::failed);
  }

  /** The server would refuse as well, but with an empty answer. */
  private void refuseTooLarge(RoutingContext context) {
    if (announcedLength(context) <= maxBodySize) {
      context.next();
      return;
    }
    context.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    context.response().endHandler(ended -> context.request().connection().close());
    VertxProblems.send(
        context, Problems.of(413, "body_too_large", "The body has more bytes than are taken."));
  }

  private static long announcedLength(RoutingContext context) {
    try {
      String length = context.request().getHeader(HttpHeaders.CONTENT_LENGTH);
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return 0;
    }
  }

  private static void unknown(RoutingContext context) {
    VertxProblems.send(
        context, Problems.notFound("not_found", "There is nothing at this address."));
  }

  private static void failed(RoutingContext context) {
    Throwable failure = context.failure();
    if (failure != null) {
      context.next();
      return;
    }
    int status = context.statusCode() < 400 ? 500 : context.statusCode();
    VertxProblems.send(context, HttpProblem.builder().withStatus(status).build());
  }
}
