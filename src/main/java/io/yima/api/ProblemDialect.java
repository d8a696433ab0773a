package io.yima.api;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemPostProcessor;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.util.Map;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * Gives every problem its full shape, whoever made it: what a library says about an exception is
 * replaced by what this API's callers may rely on.
 */
@ApplicationScoped
class ProblemDialect implements ProblemPostProcessor {

  private static final URI TYPE = URI.create("about:blank");
  private static final Map<Integer, String> CODES =
      Map.of(
          400, "bad_request",
          401, "api_key_missing",
          403, "forbidden",
          404, "not_found",
          405, "method_not_allowed",
          406, "not_acceptable",
          413, "body_too_large",
          415, "unsupported_media_type",
          500, "internal_error",
          503, "unavailable");

  private final AllowedMethods allowed;

  ProblemDialect(AllowedMethods allowed) {
    this.allowed = allowed;
  }

  /** Before the library's own, which log the problem and note the path. */
  @Override
  public int priority() {
    return 1_000;
  }

  @Override
  public HttpProblem apply(HttpProblem problem, ProblemContext context) {
    HttpProblem known = problem;
    if (!problem.getParameters().containsKey("code")) {
      known =
          RequestedMethod.refusal(allowed, context.cause)
              .orElseGet(() -> Causes.explain(problem, context.cause));
    }
    return complete(known);
  }

  private static HttpProblem complete(HttpProblem problem) {
    int status = problem.getStatusCode();
    HttpProblem.Builder complete =
        HttpProblem.builder()
            .withType(TYPE)
            .withTitle(HttpResponseStatus.valueOf(status).reasonPhrase())
            .withStatus(status)
            .withDetail(status == 500 ? Causes.INTERNAL : problem.getDetail())
            .with("code", problem.getParameters().getOrDefault("code", code(status)));
    Object requestId = MDC.get(RequestId.LOG_KEY);
    if (requestId != null) {
      complete.with("request_id", requestId);
    }
    problem.getParameters().entrySet().stream()
        .filter(entry -> !entry.getKey().equals("code"))
        .forEach(entry -> complete.with(entry.getKey(), entry.getValue()));
    problem.getHeaders().forEach(complete::withHeader);
    return complete.build();
  }

  private static @Nullable String code(int status) {
    return CODES.getOrDefault(status, status < 500 ? "bad_request" : "internal_error");
  }
}
