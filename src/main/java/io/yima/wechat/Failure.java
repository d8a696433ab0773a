package io.yima.wechat;

import java.util.Optional;

/**
 * Why a call to WeChat gave no value, by what the caller has to do about it. Switch over it without
 * {@code default}.
 */
public sealed interface Failure {

  /** Which of the two kinds of token WeChat refused. */
  enum RejectedToken {
    COMPONENT,
    AUTHORIZER
  }

  /** What exactly of a merchant's authorization is gone. */
  enum Loss {
    REFRESH_TOKEN_INVALID,
    NOT_AUTHORIZED,
    AUTHORIZATION_CODE_SPENT
  }

  /** The token sent is stale or wrong: get a fresh one and repeat once. */
  record TokenRejected(WeChatError error, RejectedToken which) implements Failure {
    @Override
    public String code() {
      return "token_rejected";
    }
  }

  /** The merchant's authorization does not hold (any more). */
  record AuthorizationLost(WeChatError error, Loss loss) implements Failure {

    public static final String CODE = "authorization_lost";

    @Override
    public String code() {
      return CODE;
    }
  }

  /** A person must set something right; never final, because afterwards the same call works. */
  record Misconfigured(WeChatError error) implements Failure {
    @Override
    public String code() {
      return "misconfigured";
    }
  }

  /** A daily or monthly quota is used up. */
  record QuotaExhausted(WeChatError error) implements Failure {
    @Override
    public String code() {
      return "quota_exhausted";
    }
  }

  /** Too many calls within a short time. */
  record RateLimited(WeChatError error) implements Failure {
    @Override
    public String code() {
      return "rate_limited";
    }
  }

  /** WeChat could not serve the call, or it never left this machine ({@code sent} is false). */
  record Unavailable(WeChatError error, boolean sent) implements Failure {
    @Override
    public String code() {
      return "unavailable";
    }
  }

  /**
   * The call was sent and its effect is unknown: reconcile by our own reference. After a timeout
   * WeChat may be at work on it even now ({@code perhapsUnderWay}); an answer that is longer than
   * we read will be so the next time too ({@code tooLong}).
   */
  record OutcomeUnknown(WeChatError error, boolean perhapsUnderWay, boolean tooLong)
      implements Failure {

    public OutcomeUnknown(WeChatError error, boolean perhapsUnderWay) {
      this(error, perhapsUnderWay, false);
    }

    @Override
    public String code() {
      return "outcome_unknown";
    }
  }

  /** The request itself is wrong; repeating it cannot help. */
  record Rejected(WeChatError error) implements Failure {
    @Override
    public String code() {
      return "rejected";
    }
  }

  /** WeChat's own words. */
  WeChatError error();

  /** The stable snake_case word for this kind of failure. */
  String code();

  /** What a person can do about it, in English, when something can be done. */
  default Optional<String> remedy() {
    return ErrorCodes.remedy(this);
  }

  /** Whether WeChat may still be at work on the call, though nobody waits for it any more. */
  default boolean perhapsUnderWay() {
    return false;
  }

  /** False only when certainly nothing left this machine. */
  default boolean sent() {
    return true;
  }
}
