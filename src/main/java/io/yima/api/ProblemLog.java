package io.yima.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemContext;
import io.quarkiverse.resteasy.problem.postprocessing.ProblemPostProcessor;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.regex.Pattern;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Logs what went wrong here, each answer once, in place of the library's own logger: what a caller
 * got wrong is the caller's to know. What is foreseen, as that WeChat cannot be reached, is told in
 * a line: callers that try again would fill the log with stack traces. A bug has one.
 */
@ApplicationScoped
class ProblemLog implements ProblemPostProcessor {

  private static final Logger LOG = Logger.getLogger(ProblemLog.class);
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");
  private static final int BUG = 500;

  /** After the problem has its full shape. */
  @Override
  public int priority() {
    return 500;
  }

  @Override
  public HttpProblem apply(HttpProblem problem, ProblemContext context) {
    int status = problem.getStatusCode();
    if (status == BUG) {
      LOG.errorf(context.cause, "%s failed", path(context));
    } else if (status > BUG) {
      LOG.warnf(
          "%s is answered %d %s: %s%s",
          path(context),
          status,
          problem.getParameters().get("code"),
          problem.getDetail(),
          reason(problem, context.cause));
    }
    return problem;
  }

  /** WeChat's words, or those of the exception that the problem was made of. */
  private static String reason(HttpProblem problem, @Nullable Throwable cause) {
    if (problem.getParameters().get("wechat") instanceof WeChatView wechat) {
      Integer errcode = wechat.errcode();
      return " (%s%s)".formatted(errcode == null ? "" : errcode + " ", wechat.errmsg());
    }
    return cause == null || cause instanceof HttpProblem ? "" : " (" + cause + ")";
  }

  /** Decoded by now: a line end in it must not begin a line of the log. */
  private static String path(ProblemContext context) {
    return CONTROL.matcher(String.valueOf(context.path)).replaceAll("?");
  }
}
