package io.yima.activations;

import io.yima.codes.EventKind;
import io.yima.codes.SyncSchedule;
import io.yima.quota.CountedApis;
import io.yima.wechat.Acknowledged;
import io.yima.wechat.Failure;
import io.yima.wechat.WeChatResult;
import io.yima.work.LastError;
import io.yima.work.StorableText;
import java.time.Duration;
import java.time.Instant;

/** Decides what WeChat's answers about a slice of an activation mean for it [M4], [M5]. */
final class SliceDecision {

  /** Nobody knows the bar code yet: WeChat has submitted it for review [F-BARCODE]. */
  private static final int UNDER_REVIEW = 1;

  private static final Duration REVIEW = Duration.ofHours(24);

  private static final String REVIEW_REMEDY =
      "The article-numbering centre does not know this bar code, and WeChat has submitted it for"
          + " review. Yima tries again after 24 hours. Check product_code; another activation with"
          + " \"replace\": true takes the place of this one.";

  private final SyncSchedule schedule;

  SliceDecision(SyncSchedule schedule) {
    this.schedule = schedule;
  }

  /**
   * After a call that was to bind the codes.
   *
   * @param left whether it may have left our machine
   */
  SliceTurn sent(
      ClaimedSlice claimed, boolean left, WeChatResult<Acknowledged> result, Instant now) {
    return switch (result) {
      case WeChatResult.Success<Acknowledged> _ -> SliceTurn.activated(claimed, now);
      case WeChatResult.Failed<Acknowledged>(Failure failure) ->
          unconfirmed(claimed, left, failure, now);
    };
  }

  /** After the question whether its first and its last code are bound. */
  SliceTurn asked(ClaimedSlice claimed, WeChatResult<Boolean> bound, Instant now) {
    return switch (bound) {
      case WeChatResult.Success<Boolean>(Boolean both) ->
          both ? SliceTurn.activated(claimed, now) : undone(claimed, now);
      case WeChatResult.Failed<Boolean>(Failure failure) -> unanswered(claimed, failure, now);
    };
  }

  private SliceTurn unconfirmed(ClaimedSlice claimed, boolean left, Failure failure, Instant now) {
    boolean answered = failure.error().api().equals(CountedApis.ACTIVATE_CODES);
    Slice undone = claimed.slice().undone();
    return switch (failure) {
      case Failure.Unavailable _, Failure.OutcomeUnknown _ ->
          later(claimed, left ? claimed.slice() : undone, failure, now);
      case Failure.TokenRejected _, Failure.RateLimited _ -> later(claimed, undone, failure, now);
      case Failure.QuotaExhausted _ ->
          answered ? nextDay(claimed, undone, failure, now) : later(claimed, undone, failure, now);
      case Failure.Rejected _ when answered ->
          SliceTurn.rejected(claimed, StorableText.error(failure, false, now));
      case Failure.Misconfigured _ when answered && isUnderReview(failure) ->
          review(claimed, undone, failure, now);
      case Failure.Rejected _, Failure.Misconfigured _, Failure.AuthorizationLost _ ->
          blocked(claimed, undone, failure, now);
    };
  }

  private SliceTurn unanswered(ClaimedSlice claimed, Failure failure, Instant now) {
    boolean answered = failure.error().api().equals(CountedApis.QUERY_CODE);
    Slice unknown = claimed.slice();
    return switch (failure) {
      case Failure.TokenRejected _,
          Failure.RateLimited _,
          Failure.Unavailable _,
          Failure.OutcomeUnknown _ ->
          later(claimed, unknown, failure, now);
      case Failure.QuotaExhausted _ ->
          answered
              ? nextDay(claimed, unknown, failure, now)
              : later(claimed, unknown, failure, now);
      // What is answered about a code that is not bound, no page says: it may be an error.
      case Failure.Rejected _ when answered -> undone(claimed, now);
      case Failure.Misconfigured _ when answered && failure.remedy().isEmpty() ->
          undone(claimed, now);
      case Failure.Rejected _, Failure.Misconfigured _, Failure.AuthorizationLost _ ->
          blocked(claimed, unknown, failure, now);
    };
  }

  private static boolean isUnderReview(Failure failure) {
    Integer errcode = failure.error().errcode();
    return errcode != null && errcode == UNDER_REVIEW;
  }

  /** Sent once more, at once. */
  private static SliceTurn undone(ClaimedSlice claimed, Instant now) {
    Slice slice = claimed.slice();
    Slice after = slice.undone().postponed(slice.sync().lastError(), false, now);
    return SliceTurn.of(claimed, after, "undone");
  }

  private SliceTurn later(ClaimedSlice claimed, Slice known, Failure failure, Instant now) {
    LastError error = StorableText.error(failure, false, now);
    Instant next = schedule.afterFailures(known.sync().attempts() + 1, now);
    return SliceTurn.failed(
        claimed,
        known.failed(error, false, next),
        EventKind.ACTIVATION_FAILED,
        error,
        known.sentAt() == null ? "later" : "unknown");
  }

  private SliceTurn nextDay(ClaimedSlice claimed, Slice known, Failure failure, Instant now) {
    LastError error = StorableText.error(failure, false, now);
    return SliceTurn.failed(
        claimed,
        known.failed(error, false, schedule.afterRefusal(now)),
        EventKind.ACTIVATION_FAILED,
        error,
        "quota_exhausted");
  }

  private SliceTurn blocked(ClaimedSlice claimed, Slice known, Failure failure, Instant now) {
    LastError error = StorableText.error(failure, true, now);
    return SliceTurn.failed(
        claimed,
        known.failed(error, true, schedule.whenBlocked(now)),
        EventKind.ACTIVATION_BLOCKED,
        error,
        "blocked");
  }

  private SliceTurn review(ClaimedSlice claimed, Slice known, Failure failure, Instant now) {
    LastError words = StorableText.error(failure, false, now);
    LastError error =
        new LastError(
            "bar_code_review", words.errcode(), words.errmsg(), words.rid(), REVIEW_REMEDY, now);
    return SliceTurn.failed(
        claimed,
        known.failed(error, false, schedule.soonAfter(now.plus(REVIEW))),
        EventKind.BAR_CODE_REVIEW,
        error,
        "review");
  }
}
