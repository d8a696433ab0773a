package io.yima.codes;

import io.yima.codes.Progress.Reported;
import io.yima.quota.CountedApis;
import io.yima.wechat.ApplicationStatus;
import io.yima.wechat.Failure;
import io.yima.wechat.WeChatResult;
import io.yima.work.LastError;
import io.yima.work.StorableText;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Decides what WeChat's answer about a submitted application means for the ledger [M2]. */
final class Inquiry {

  /** The only status that official pages show; whatever else comes means: not ready yet. */
  private static final String READY = "FINISH";

  private final SyncSchedule schedule;

  Inquiry(SyncSchedule schedule) {
    this.schedule = schedule;
  }

  Turn turn(CodeApplication row, WeChatResult<ApplicationStatus> result, Instant now) {
    return switch (result) {
      case WeChatResult.Success<ApplicationStatus>(ApplicationStatus answer) ->
          isForeign(row, answer) ? foreign(row, now) : answered(row, answer, now);
      case WeChatResult.Failed<ApplicationStatus>(Failure failure) -> failed(row, failure, now);
    };
  }

  private static boolean isForeign(CodeApplication row, ApplicationStatus answer) {
    return answer.applicationId() != null
        ? !answer.applicationId().equals(row.progress().applicationId())
        : answer.isvApplicationId() != null
            && !answer.isvApplicationId().equals(row.key().isvApplicationId());
  }

  private Turn answered(CodeApplication row, ApplicationStatus answer, Instant now) {
    Progress before = row.progress();
    Reported news = news(before.reported(), answer);
    boolean moved =
        !Objects.equals(news.status(), before.reported().status())
            || !news.ranges().equals(before.reported().ranges());
    List<ApplicationEvent> events = new ArrayList<>();
    if (before.sync().blocked()) {
      events.add(ApplicationEvent.of(EventKind.RECOVERED, now, row.state(), row.state()));
    }
    if (moved) {
      events.add(
          ApplicationEvent.of(EventKind.STATUS_CHANGED, now, row.state(), row.state())
              .detail(change(before.reported(), news)));
    }
    // Without its ranges nothing of it can be fetched, and nobody would ask again.
    if (READY.equals(answer.status()) && !news.ranges().isEmpty()) {
      Progress after = before.finished(news, now);
      events.add(
          ApplicationEvent.of(EventKind.FINISHED, now, row.state(), after.state())
              .detail(ranges(news)));
      return new Turn(row, after, events, null, "finished");
    }
    Instant progressedAt = moved ? now : before.progressedAt();
    Progress after = before.running(news, progressedAt, schedule.afterAnswer(progressedAt, now));
    return new Turn(row, after, events, null, "running");
  }

  /** What an answer leaves out stays as it was known. */
  private static Reported news(Reported before, ApplicationStatus answer) {
    return new Reported(
        orElse(StorableText.status(answer.status()), before.status()),
        answer.codeGenerateList().isEmpty() ? before.ranges() : answer.codeGenerateList(),
        orElse(StorableText.time(answer.createTime()), before.createTime()),
        orElse(StorableText.time(answer.updateTime()), before.updateTime()));
  }

  private static @Nullable String orElse(@Nullable String text, @Nullable String otherwise) {
    return text == null ? otherwise : text;
  }

  private static String change(Reported before, Reported after) {
    return before.status() + " → " + after.status() + ", " + ranges(after);
  }

  private static String ranges(Reported reported) {
    int count = reported.ranges().size();
    return count == 1 ? "1 range" : count + " ranges";
  }

  private Turn foreign(CodeApplication row, Instant now) {
    LastError error =
        LastError.of(
            "foreign_answer",
            "WeChat answered about another application. Nothing was recorded; if this goes on,"
                + " ask WeChat about application_id "
                + row.progress().applicationId()
                + ".",
            now);
    return later(row, error, "foreign", now);
  }

  private Turn failed(CodeApplication row, Failure failure, Instant now) {
    boolean answeredInquiry = failure.error().api().equals(CountedApis.QUERY_APPLICATION);
    return switch (failure) {
      case Failure.TokenRejected _,
          Failure.RateLimited _,
          Failure.Unavailable _,
          Failure.OutcomeUnknown _ ->
          later(row, StorableText.error(failure, false, now), "failed", now);
      // WeChat confirmed this application: no answer to a question can undo that.
      case Failure.Rejected _ -> later(row, StorableText.error(failure, true, now), "failed", now);
      case Failure.QuotaExhausted _ ->
          answeredInquiry
              ? nextDay(row, StorableText.error(failure, false, now), now)
              : later(row, StorableText.error(failure, false, now), "failed", now);
      case Failure.Misconfigured _ when isYoung(row, now) && failure.remedy().isEmpty() ->
          later(row, StorableText.error(failure, true, now), "failed", now);
      case Failure.Misconfigured _, Failure.AuthorizationLost _ ->
          blocked(row, StorableText.error(failure, true, now), now);
    };
  }

  /**
   * A number we do not know may mean no more than that what was just ordered cannot be found yet.
   */
  private boolean isYoung(CodeApplication row, Instant now) {
    Instant submittedAt = row.progress().submittedAt();
    return submittedAt != null
        && Duration.between(submittedAt, now).compareTo(schedule.maxInterval()) < 0;
  }

  private Turn later(CodeApplication row, LastError error, String outcome, Instant now) {
    Instant next =
        schedule.afterFailures(
            row.progress().sync().attempts() + 1, row.progress().progressedAt(), now);
    Progress after = row.progress().failed(error, false, next);
    return Turn.failed(row, after, EventKind.SYNC_FAILED, error, outcome);
  }

  private Turn nextDay(CodeApplication row, LastError error, Instant now) {
    Progress after = row.progress().failed(error, false, schedule.afterRefusal(now));
    return Turn.failed(row, after, EventKind.SYNC_FAILED, error, "quota_exhausted");
  }

  private Turn blocked(CodeApplication row, LastError error, Instant now) {
    Progress after = row.progress().failed(error, true, schedule.whenBlocked(now));
    return Turn.failed(row, after, EventKind.BLOCKED, error, "blocked");
  }
}
