package io.yima.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.security.AuthenticationException;
import io.quarkus.security.ForbiddenException;
import io.quarkus.security.UnauthorizedException;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Problems for requests that no resource answers, or that fail before one is reached, whatever
 * their path: pages and answers to pushes are all that does not speak this dialect.
 */
@ApplicationScoped
class BelowRest {

  private static final Logger LOG = Logger.getLogger(BelowRest.class);

  private static final int BEHIND_REST = Integer.MAX_VALUE - 1;
  private static final int BEFORE_REST = 1;
  private static final int BEFORE_QUARKUS_ANSWERS = -1_000;

  private final AllowedMethods allowed;

  BelowRest(AllowedMethods allowed) {
    this.allowed = allowed;
  }

  void register(@Observes Router router) {
    router.route().order(BEHIND_REST).handler(BelowRest::unknown);
    router.route().method(HttpMethod.OPTIONS).order(BEFORE_REST).handler(this::options);
    router.route().order(BEFORE_QUARKUS_ANSWERS).failureHandler(BelowRest::failed);
  }

  private void options(RoutingContext context) {
    allowed
        .at(context.normalizedPath())
        .ifPresentOrElse(
            methods -> context.response().setStatusCode(204).putHeader("Allow", methods).end(),
            context::next);
  }

  private static void unknown(RoutingContext context) {
    VertxProblems.send(
        context, Problems.notFound("not_found", "There is nothing at this address."));
  }

  private static void failed(RoutingContext context) {
    Throwable failure = context.failure();
    int status = context.statusCode() < 400 ? 500 : context.statusCode();
    if (isForAuthentication(failure)) {
      context.next();
    } else if (!RequestLimits.isAddress(context.request().uri())) {
      // Where an access log is on, it reads the address before anything of ours does.
      VertxProblems.send(context, RequestLimits.brokenAddress());
    } else if (context.response().headWritten()) {
      // Half an answer must not look like a whole one.
      context.request().connection().close();
    } else {
      HttpProblem problem = HttpProblem.builder().withStatus(status).build();
      HttpProblem explained = Causes.explain(problem, failure);
      tell(context, explained.getStatusCode(), failure);
      VertxProblems.send(context, explained);
    }
  }

  private static boolean isForAuthentication(@Nullable Throwable failure) {
    return failure instanceof AuthenticationException
        || failure instanceof UnauthorizedException
        || failure instanceof ForbiddenException;
  }

  /** Without the query, which may hold a code or a token. */
  private static void tell(RoutingContext context, int status, @Nullable Throwable failure) {
    if (status >= 500 && failure != null && !(failure instanceof IOException)) {
      LOG.errorf(failure, "%s %s failed", context.request().method(), context.request().path());
    }
  }
}
