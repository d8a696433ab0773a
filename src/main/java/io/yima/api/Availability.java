package io.yima.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import io.yima.database.DatabaseWatch;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;

/**
 * Answers 503 at once to what could not be done anyway: while the database is gone, and once this
 * node stops. Health and metrics are answered always.
 */
@ApplicationScoped
class Availability {

  private static final int BEFORE_LIMITS = 48_000;
  private static final List<String> PATHS = List.of("/api/", "/wechat/", "/gateway/");
  private static final Duration RETRY = Duration.ofSeconds(2);
  private static final String TEXT = "服务暂时不可用，请稍后再试。 Unavailable; please try again in a moment.";

  private final DatabaseWatch database;
  private final Stopping stopping;

  Availability(DatabaseWatch database, Stopping stopping) {
    this.database = database;
    this.stopping = stopping;
  }

  void register(@Observes Filters filters) {
    filters.register(this::check, BEFORE_LIMITS);
  }

  private void check(RoutingContext context) {
    String path = context.normalizedPath();
    boolean concerned = PATHS.stream().anyMatch(path::startsWith);
    if (!concerned) {
      context.next();
      return;
    }
    database.expectUse();
    if (stopping.hasBegun()) {
      EarlyAnswer.send(context, stops(), TEXT);
    } else if (!database.isReachable()) {
      EarlyAnswer.send(context, Causes.unavailable(), TEXT);
    } else {
      context.next();
    }
  }

  private static HttpProblem stops() {
    return Problems.unavailable(
        "shutting_down",
        "This node is being stopped; another one, or this one later, answers.",
        RETRY);
  }
}
