package io.yima.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.yima.wechat.Failure;
import java.time.Duration;
import java.util.List;

/**
 * The problems (RFC 9457) that services throw, each with its stable {@code code}. Whatever else
 * goes wrong below REST is given the same shape by this room.
 */
public final class Problems {

  private Problems() {}

  /** 404: unknown, or another tenant's, which is the same to the caller. */
  public static HttpProblem notFound(String code, String detail) {
    return problem(404, code, detail).build();
  }

  /** 409: conflicts with what is stored. */
  public static HttpProblem conflict(String code, String detail) {
    return problem(409, code, detail).build();
  }

  /** 422: fields break rules. */
  public static HttpProblem invalid(List<FieldError> errors) {
    return problem(422, "invalid", "The request breaks a rule.").with("errors", errors).build();
  }

  /** {@link #invalid(List)} for one field. */
  public static HttpProblem invalid(String field, String message) {
    return invalid(List.of(new FieldError(field, message)));
  }

  /** 422: WeChat refused the request itself. */
  public static HttpProblem refusedByWeChat(Failure failure) {
    return problem(422, "wechat_refused", "WeChat refused the request.")
        .with("wechat", WeChatView.of(failure.error()))
        .build();
  }

  /**
   * What came of a call that is passed on to WeChat for a caller who speaks its protocol: WeChat's
   * own number where it has the last word, else 503, after which trying again is right.
   */
  public static HttpProblem ofForwarded(Failure failure) {
    return switch (failure) {
      case Failure.Rejected _,
          Failure.Misconfigured _,
          Failure.AuthorizationLost _,
          Failure.QuotaExhausted _,
          Failure.RateLimited _
          when failure.error().errcode() != null ->
          refusedByWeChat(failure);
      case Failure.Rejected _,
          Failure.Misconfigured _,
          Failure.AuthorizationLost _,
          Failure.QuotaExhausted _,
          Failure.RateLimited _,
          Failure.TokenRejected _,
          Failure.Unavailable _,
          Failure.OutcomeUnknown _ ->
          HttpProblem.builder(
                  unavailable(
                      "wechat_unavailable",
                      "WeChat gave no answer that can be understood.",
                      Duration.ofSeconds(5)))
              .with("wechat", WeChatView.of(failure.error()))
              .build();
    };
  }

  /** 429: too much; nothing was stored. */
  public static HttpProblem tooMany(String code, String detail, Duration retryAfter) {
    return problem(429, code, detail)
        .withHeader("Retry-After", Math.max(1, retryAfter.toSeconds()))
        .build();
  }

  /** 503: not now. */
  public static HttpProblem unavailable(String code, String detail, Duration retryAfter) {
    return problem(503, code, detail)
        .withHeader("Retry-After", Math.max(1, retryAfter.toSeconds()))
        .build();
  }

  /** Any other status. */
  public static HttpProblem of(int status, String code, String detail) {
    return problem(status, code, detail).build();
  }

  private static HttpProblem.Builder problem(int status, String code, String detail) {
    return HttpProblem.builder().withStatus(status).withDetail(detail).with("code", code);
  }
}
