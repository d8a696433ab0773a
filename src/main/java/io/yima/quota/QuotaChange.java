package io.yima.quota;

import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.Failure;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/**
 * What a call came to for its interface's quota; most calls change nothing, for they were counted
 * before they were made.
 *
 * @param countedOn the day in Shanghai on which the call was counted
 * @param at for {@code PARKED} until when, otherwise when the call was made
 */
public record QuotaChange(
    AuthorizerId authorizer, String api, LocalDate countedOn, Effect effect, Instant at) {

  /** What there is to be written. */
  public enum Effect {
    /** Certainly nothing left this machine: the count is given back. */
    UNSENT,
    /** The day's quota is used up. */
    PARKED,
    /** Calls are too frequent. */
    SLOWED
  }

  /**
   * The change that a failed call means; null for none. Only WeChat's answer to the call itself
   * says something about its quota, not what went wrong when a token had to be had.
   *
   * @param left whether anything may have left this machine for this interface
   * @param made when the call was made: a node that was stopped in the middle of it may read the
   *     answer on another day, about whose quota it says nothing
   */
  static @Nullable QuotaChange of(
      AuthorizerId authorizer,
      String api,
      LocalDate countedOn,
      boolean left,
      Failure failure,
      Instant made) {
    if (!left) {
      return new QuotaChange(authorizer, api, countedOn, Effect.UNSENT, made);
    }
    if (!failure.error().api().equals(api)) {
      return null;
    }
    return switch (failure) {
      case Failure.QuotaExhausted _ ->
          new QuotaChange(
              authorizer, api, countedOn, Effect.PARKED, ShanghaiDay.afterRefusal(made));
      case Failure.RateLimited _ ->
          new QuotaChange(authorizer, api, countedOn, Effect.SLOWED, made);
      case Failure.TokenRejected _,
          Failure.AuthorizationLost _,
          Failure.Misconfigured _,
          Failure.Unavailable _,
          Failure.OutcomeUnknown _,
          Failure.Rejected _ ->
          null;
    };
  }
}
