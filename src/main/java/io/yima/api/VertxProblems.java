package io.yima.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import io.quarkus.arc.Arc;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.ext.web.RoutingContext;
import java.util.Objects;

/** Answers with a problem where a request never reaches a resource. */
public final class VertxProblems {

  private VertxProblems() {}

  /** Ends the response with the problem, unless it has already begun. */
  public static void send(RoutingContext context, HttpProblem problem) {
    HttpServerResponse response = context.response();
    if (response.headWritten() || response.ended()) {
      return;
    }
    RequestId.give(context);
    HttpProblem complete =
        ExceptionMapperBase.postProcessorsRegistry.applyPostProcessing(
            problem, ProblemContext.of(problem, path(context)));
    complete.getHeaders().forEach((name, value) -> response.putHeader(name, value.toString()));
    if (WeChatShape.isFor(path(context))) {
      response.putHeader(HttpHeaders.CONTENT_TYPE, "application/json;charset=UTF-8");
      response.end(WeChatShape.of(complete));
      return;
    }
    response.setStatusCode(complete.getStatusCode());
    response.putHeader(HttpHeaders.CONTENT_TYPE, HttpProblem.MEDIA_TYPE.toString());
    response.end(json(complete));
  }

  /** As it was sent: one with broken escapes cannot be normalized. */
  private static String path(RoutingContext context) {
    return Objects.requireNonNullElse(context.request().path(), "/");
  }

  private static String json(HttpProblem problem) {
    try {
      return Arc.container().instance(ObjectMapper.class).get().writeValueAsString(problem);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
