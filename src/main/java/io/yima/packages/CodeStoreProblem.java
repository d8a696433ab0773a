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

  private static final Duration RETRY_DAMAGED = Duration.ofMinutes(1);

  @ServerExceptionMapper
  Response map(CodeStoreFailed e, UriInfo uri) {
    return answer(
        Problems.unavailable(
            CODE,
            "The codes are kept where they cannot be read at this moment; nothing is lost. Try again.",
            RETRY),
        e,
        uri);
  }

  @ServerExceptionMapper
  Response map(CodePackageDamaged e, UriInfo uri) {
    return answer(
        Problems.unavailable(
            DamagedPackages.CODE,
            "What is kept of these codes is damaged; they are fetched from WeChat again: see …/packages for when.",
            RETRY_DAMAGED),
        e,
        uri);
  }

  private static Response answer(HttpProblem problem, CodeStoreFailed e, UriInfo uri) {
    return ExceptionMapperBase.postProcessorsRegistry
        .applyPostProcessing(problem, ProblemContext.of(e, uri))
        .toResponse();
  }
}
