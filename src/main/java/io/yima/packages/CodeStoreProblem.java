package io.yima.packages;

import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import io.yima.api.Problems;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import java.time.Duration;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/**
 * Says that codes cannot be had because of the store. Once some of them have been sent, nothing can
 * be said any more: then the connection is closed before the answer's end.
 */
class CodeStoreProblem {

  static final String CODE = "code_store_unavailable";

  private static final Duration RETRY = Duration.ofSeconds(10);

  @ServerExceptionMapper
  Response map(CodeStoreFailed e, UriInfo uri) {
    HttpProblem problem =
        Problems.unavailable(
            CODE,
            "The codes are kept where they cannot be read at this moment; nothing is lost. Try again.",
            RETRY);
    return ExceptionMapperBase.postProcessorsRegistry
        .applyPostProcessing(problem, ProblemContext.of(e, uri))
        .toResponse();
  }
}
