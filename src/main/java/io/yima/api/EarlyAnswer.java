package io.yima.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;

/**
 * Refuses a request before anybody looked at it: with a problem where the API's callers are, which
 * at the gateway is told in WeChat's words, and with plain text where WeChat and merchants'
 * browsers are.
 */
public final class EarlyAnswer {

  private static final String TEXT_FOR = "/wechat/";

  private EarlyAnswer() {}

  /**
   * Ends the response, unless it has already begun.
   *
   * @param text what a merchant reads instead of the problem
   */
  public static void send(RoutingContext context, HttpProblem problem, String text) {
    if (!context.normalizedPath().startsWith(TEXT_FOR)) {
      VertxProblems.send(context, problem);
      return;
    }
    HttpServerResponse response = context.response();
    if (response.headWritten() || response.ended()) {
      return;
    }
    response.setStatusCode(problem.getStatusCode());
    problem.getHeaders().forEach((name, value) -> response.putHeader(name, value.toString()));
    response.putHeader(HttpHeaders.CONTENT_TYPE, "text/plain;charset=UTF-8");
    response.putHeader(HttpHeaders.CACHE_CONTROL, "no-store");
    response.end(text);
  }
}
