package io.yima.codes;

import io.yima.quota.CountedApis;
import io.yima.wechat.Failure;

/** What becomes of an order after a call that did not confirm it. */
enum SubmitDecision {
  /** Try again soon: nobody has to do anything. */
  LATER,
  /** The day's quota is used up: try again on the next one. */
  NEXT_DAY,
  /** A person must mend something; never final, because afterwards the same order works. */
  BLOCKED,
  /** The request itself is wrong. */
  REJECTED;

  /**
   * Decides. Only WeChat's answer to the order itself can reject it or use up its quota: what went
   * wrong on the way, when a token had to be had, says nothing about the order.
   */
  static SubmitDecision of(Failure failure) {
    boolean answeredOrder = failure.error().api().equals(CountedApis.APPLY_CODE);
    return switch (failure) {
      case Failure.TokenRejected _,
          Failure.RateLimited _,
          Failure.Unavailable _,
          Failure.OutcomeUnknown _ ->
          LATER;
      case Failure.AuthorizationLost _, Failure.Misconfigured _ -> BLOCKED;
      case Failure.QuotaExhausted _ -> answeredOrder ? NEXT_DAY : LATER;
      case Failure.Rejected _ -> answeredOrder ? REJECTED : BLOCKED;
    };
  }
}
