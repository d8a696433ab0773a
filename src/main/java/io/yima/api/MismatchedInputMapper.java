package io.yima.api;

import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import io.quarkiverse.resteasy.problem.ExceptionMapperBase;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

/** Takes precedence over Quarkus' own mapper, which answers with no problem and shows the value. */
class MismatchedInputMapper {

  private static final int BEFORE_QUARKUS = 1;

  @ServerExceptionMapper(priority = BEFORE_QUARKUS)
  Response map(MismatchedInputException e, UriInfo uri) {
    HttpProblem problem = HttpProblem.builder().withStatus(400).build();
    return ExceptionMapperBase.postProcessorsRegistry
        .applyPostProcessing(problem, ProblemContext.of(e, uri))
        .toResponse();
  }
}
