package io.yima.codes;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.work.LastError;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An application in answers.
 *
 * @param createTime WeChat's own, of unknown unit: a number as WeChat documents it, or else the
 *     text that it sent; so is {@code updateTime}
 */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(name = "CodeApplication", description = "A code application in the ledger.")
public record ApplicationView(
    @Schema(description = "The caller's id.", examples = "spring-tea-1") String isvApplicationId,
    @Schema(description = "The merchant.", examples = "wxdemo00merchant01") String authorizerAppid,
    @Schema(
            description = "WeChat's number; null until WeChat confirmed the order.",
            examples = "581865877")
        @Nullable Long applicationId,
    @Schema(description = "How many codes were ordered.", examples = "50000") long codeCount,
    @Schema(description = "The name that the order brought.", examples = "明前龙井")
        @Nullable String label,
    @Schema(
            description =
                "SUBMITTING: stored, not confirmed. SUBMITTED: WeChat is making the codes. FINISHED: they are"
                    + " ready. REJECTED: WeChat refused the order. WITHDRAWN: taken back. Ordering the same id"
                    + " again reopens the last two.",
            examples = "FINISHED")
        ApplicationState state,
    @Schema(description = "WeChat's own word for the status.", examples = "FINISH")
        @Nullable String status,
    @Schema(description = "The ranges of codes that are ready.") List<RangeView> codeGenerateList,
    @Schema(
            oneOf = {Long.class, String.class},
            description = "WeChat's create_time as it sends it: a number, or else a text.",
            examples = "1790474584")
        @Nullable Object createTime,
    @Schema(
            oneOf = {Long.class, String.class},
            description = "WeChat's update_time, likewise.",
            examples = "1790474600")
        @Nullable Object updateTime,
    @Schema(description = "The key that ordered: its name.", examples = "erp") String requestedBy,
    @Schema(description = "The Yima-Actor of the order.", examples = "li.lei")
        @Nullable String actor,
    @Schema(description = "When it was ordered.", examples = "2026-09-27T02:03:04.567890Z")
        Instant requestedAt,
    @Schema(description = "When WeChat confirmed it.", examples = "2026-09-27T02:03:04.567890Z")
        @Nullable Instant submittedAt,
    @Schema(
            description = "When all its codes were ready.",
            examples = "2026-09-27T02:03:04.567890Z")
        @Nullable Instant finishedAt,
    @Schema(
            description = "When Yima turns to WeChat next; null when there is nothing to ask.",
            examples = "2026-09-27T02:03:04.567890Z")
        @Nullable Instant nextSyncAt,
    @Schema(
            description = "No progress for long, or something a person must mend.",
            examples = "false")
        boolean stuck,
    @Nullable LastError lastError) {

  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");

  /** An inclusive range of code indexes. */
  @JsonNaming(SnakeCaseStrategy.class)
  @Schema(name = "CodeRange", description = "A range of code indexes, both ends included.")
  public record RangeView(
      @Schema(description = "The first index.", examples = "0", minimum = "0") long codeStart,
      @Schema(description = "The last index.", examples = "49999", minimum = "0") long codeEnd) {

    /** As WeChat names them. */
    public static RangeView of(CodeRange range) {
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
