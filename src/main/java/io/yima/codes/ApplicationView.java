package io.yima.codes;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.work.LastError;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * An application in answers.
 *
 * @param createTime WeChat's own, of unknown unit: a number as WeChat documents it, or else the
 *     text that it sent; so is {@code updateTime}
 */
@JsonNaming(SnakeCaseStrategy.class)
record ApplicationView(
    String isvApplicationId,
    String authorizerAppid,
    @Nullable Long applicationId,
    long codeCount,
    @Nullable String label,
    ApplicationState state,
    @Nullable String status,
    List<RangeView> codeGenerateList,
    @Nullable Object createTime,
    @Nullable Object updateTime,
    String requestedBy,
    @Nullable String actor,
    Instant requestedAt,
    @Nullable Instant submittedAt,
    @Nullable Instant finishedAt,
    @Nullable Instant nextSyncAt,
    boolean stuck,
    @Nullable LastError lastError) {

  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");

  /** An inclusive range of code indexes. */
  @JsonNaming(SnakeCaseStrategy.class)
  record RangeView(long codeStart, long codeEnd) {

    static RangeView of(CodeRange range) {
      return new RangeView(range.codeStart(), range.codeEnd());
    }
  }

  static ApplicationView of(CodeApplication application, SyncSchedule schedule, Instant now) {
    CodeApplication.Order order = application.order();
    Progress progress = application.progress();
    return new ApplicationView(
        application.key().isvApplicationId(),
        application.key().authorizer().authorizerAppid(),
        progress.applicationId(),
        order.codeCount(),
        order.label(),
        progress.state(),
        progress.reported().status(),
        progress.reported().ranges().stream().map(RangeView::of).toList(),
        numberOrText(progress.reported().createTime()),
        numberOrText(progress.reported().updateTime()),
        order.requestedBy(),
        order.actor(),
        order.requestedAt(),
        progress.submittedAt(),
        progress.finishedAt(),
        progress.sync().nextSyncAt(),
        schedule.isStuck(progress, now),
        progress.sync().lastError());
  }

  private static @Nullable Object numberOrText(@Nullable String sent) {
    return sent != null && NUMBER.matcher(sent).matches() ? (Object) Long.valueOf(sent) : sent;
  }
}
