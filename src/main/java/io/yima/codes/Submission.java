package io.yima.codes;

import io.yima.wechat.AppliedCode;
import io.yima.wechat.Failure;
import io.yima.wechat.WeChatResult;
import io.yima.work.LastError;
import io.yima.work.StorableText;
import java.time.Instant;

/** Decides what a call that sent an order to WeChat means for the ledger. */
final class Submission {

  private final SyncSchedule schedule;

  Submission(SyncSchedule schedule) {
    this.schedule = schedule;
  }

  /**
   * @param first no call before this one can have reached WeChat
   * @param left this one may have left our machine
   */
  Turn turn(
      CodeApplication row,
      boolean first,
      boolean left,
      WeChatResult<AppliedCode> result,
      Instant now) {
    return switch (result) {
      case WeChatResult.Success<AppliedCode>(AppliedCode applied) ->
          submitted(row, applied.applicationId(), now);
      case WeChatResult.Failed<AppliedCode>(Failure failure) -> {
        CodeApplication known =
            first && !left
                ? new CodeApplication(
                    row.key(),
                    row.order(),
                    row.progress().neverSent(),
                    row.generation(),
                    row.leased())
                : row;
        yield failed(known, failure, now);
      }
    };
  }

  /** WeChat named a number under which this provider has another application already. */
  Turn conflict(Turn submitted, Instant now) {
    LastError error =
        LastError.of(
            "application_id_conflict",
            "WeChat answered with application_id "
                + submitted.after().applicationId()
                + ", which another application of this provider has already. Nothing was recorded;"
                + " ask WeChat which of the two it belongs to.",
            now);
    CodeApplication row = submitted.before();
    Progress after = row.progress().failed(error, true, schedule.whenBlocked(now));
    return Turn.failed(row, after, EventKind.BLOCKED, error, "conflict");
  }

  private Turn submitted(CodeApplication row, long applicationId, Instant now) {
    Progress after = row.progress().submitted(applicationId, now, schedule.afterSubmission(now));
    return Turn.of(
        row,
        after,
        "submitted",
        ApplicationEvent.of(EventKind.SUBMITTED, now, row.state(), after.state())
            .detail("application_id " + applicationId));
  }

  private Turn failed(CodeApplication row, Failure failure, Instant now) {
    Progress before = row.progress();
    return switch (SubmitDecision.of(failure)) {
      case LATER -> {
        LastError error = StorableText.error(failure, false, now);
        Instant next = schedule.afterFailures(before.sync().attempts() + 1, now);
        yield Turn.failed(
            row, before.failed(error, false, next), EventKind.SUBMIT_FAILED, error, "later");
      }
      case NEXT_DAY -> {
        LastError error = StorableText.error(failure, false, now);
        Progress after = before.failed(error, false, schedule.afterRefusal(now));
        yield Turn.failed(row, after, EventKind.SUBMIT_FAILED, error, "quota_exhausted");
      }
      case BLOCKED -> {
        LastError error = StorableText.error(failure, true, now);
        Progress after = before.failed(error, true, schedule.whenBlocked(now));
        yield Turn.failed(row, after, EventKind.BLOCKED, error, "blocked");
      }
      case REJECTED -> {
        LastError error = StorableText.error(failure, false, now);
        Progress after = before.rejected(error);
        yield Turn.of(
            row,
            after,
            "rejected",
            ApplicationEvent.failed(EventKind.REJECTED, error, row.state(), after.state()));
      }
    };
  }
}
