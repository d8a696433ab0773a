package io.yima.lookups;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.yima.api.Problems;
import io.yima.api.WeChatView;
import io.yima.authorizer.AuthorizerTokens;
import io.yima.quota.ShanghaiDay;
import io.yima.wechat.Failure;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** The problems that a look-up is answered with when WeChat does not tell. */
final class LookupFailures {

  /** WeChat's number for an argument that it does not like [M6]. */
  private static final int BAD_ARGUMENT = 40097;

  /** Its number for an openid of nobody, or of another account [ERR]. */
  private static final int BAD_OPENID = 40003;

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);
  private static final Duration AFTER_FREQUENT_CALLS = Duration.ofSeconds(30);

  private LookupFailures() {}

  /** After a look-up of a code. */
  static HttpProblem lookup(Failure failure, Instant now) {
    return switch (failure) {
      case Failure.Rejected _, Failure.Misconfigured _, Failure.AuthorizationLost _ ->
          refused(failure);
      case Failure.QuotaExhausted _ ->
          with(
              failure,
              Problems.tooMany(
                  "quota_exhausted",
                  "The merchant's daily quota of this interface at WeChat is used up.",
                  Duration.between(now, ShanghaiDay.after(now))));
      case Failure.RateLimited _ ->
          with(
              failure,
              Problems.tooMany(
                  "wechat_rate_limited",
                  "WeChat finds the merchant's calls too frequent.",
                  AFTER_FREQUENT_CALLS));
      case Failure.TokenRejected _ -> unavailable("token_unavailable", failure);
      case Failure.Unavailable _ when failure.error().api().equals(AuthorizerTokens.API) ->
          unavailable("token_unavailable", failure);
      case Failure.Unavailable _, Failure.OutcomeUnknown _ ->
          unavailable("wechat_unavailable", failure);
    };
  }

  /**
   * After the exchange of a ticket. One number stands for a wrong openid and for a wrong ticket:
   * only WeChat's words tell which [F-40097].
   */
  static HttpProblem exchange(Failure failure, Instant now) {
    Integer errcode = failure.error().errcode();
    String words = failure.error().errmsg().toLowerCase(Locale.ROOT);
    boolean openid = words.contains("openid");
    boolean ticket = words.contains("ticket");
    if (errcode != null && errcode == BAD_OPENID) {
      return with(failure, openidInvalid());
    }
    if (errcode == null || errcode != BAD_ARGUMENT || openid == ticket) {
      return lookup(failure, now);
    }
    return with(
        failure,
        openid
            ? openidInvalid()
            : Problems.of(
                422,
                "code_ticket_invalid",
                "The ticket is no (more) valid, or another user's: the code must be scanned again."));
  }

  private static HttpProblem openidInvalid() {
    return Problems.of(
        422,
        "openid_invalid",
        "WeChat does not know this openid for the service account or its mini program.");
  }

  private static HttpProblem refused(Failure failure) {
    return with(
        failure,
        Problems.of(
            422,
            "wechat_refused",
            failure
                .remedy()
                .map(remedy -> "WeChat refused the request. " + remedy)
                .orElse("WeChat refused the request.")));
  }

  private static HttpProblem unavailable(String code, Failure failure) {
    String detail =
        code.equals("token_unavailable")
            ? "There is no valid token at this moment."
            : "WeChat gave no answer that can be understood.";
    return with(failure, Problems.unavailable(code, detail, RETRY_AFTER));
  }

  private static HttpProblem with(Failure failure, HttpProblem problem) {
    return HttpProblem.builder(problem).with("wechat", WeChatView.of(failure.error())).build();
  }
}
