package io.yima.codes;

import static org.assertj.core.api.Assertions.assertThat;

import io.yima.wechat.ApplicationStatus;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.wechat.Failure;
import io.yima.wechat.WeChatError;
import io.yima.wechat.WeChatResult;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class InquiryTest {

  private static final Instant SUBMITTED = Instant.parse("2026-11-23T03:00:00Z");
  private static final Instant NOW = SUBMITTED.plusSeconds(60);
  private static final List<CodeRange> RANGES = List.of(new CodeRange(0, 9_999));

  private final Inquiry inquiry =
      new Inquiry(
          new SyncSchedule(
              Duration.ofSeconds(5), Duration.ofMinutes(10), Duration.ofHours(6), new Random()));
  private final CodeApplication row = submitted(SubmissionTest.order());

  private static CodeApplication submitted(CodeApplication order) {
    return order.with(order.progress().submitted(42, SUBMITTED, SUBMITTED.plusSeconds(5)));
  }

  @Test
  void finish_ends_it_and_keeps_the_ranges() {
    Turn turn = answered(new ApplicationStatus("FINISH", 42L, "order-1", RANGES, "1", "2"));

    assertThat(turn.after().state()).isEqualTo(ApplicationState.FINISHED);
    assertThat(turn.after().finishedAt()).isEqualTo(NOW);
    assertThat(turn.after().reported().ranges()).isEqualTo(RANGES);
    assertThat(turn.after().sync().nextSyncAt()).isNull();
    assertThat(turn.events())
        .extracting(ApplicationEvent::kind)
        .containsExactly(EventKind.STATUS_CHANGED, EventKind.FINISHED);
  }

  @Test
  void without_any_range_the_end_is_not_believed() {
    Turn turn = answered(new ApplicationStatus("FINISH", 42L, "order-1", List.of(), null, null));

    assertThat(turn.after().state()).isEqualTo(ApplicationState.SUBMITTED);
    assertThat(turn.after().reported().status()).isEqualTo("FINISH");
    assertThat(turn.after().sync().nextSyncAt()).isAfter(NOW);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(strings = {"INIT", "PROCESSING", "FAIL", "finish", "FINISHED", "", "完成"})
  void any_other_status_means_not_ready_yet(@Nullable String status) {
    Turn turn = answered(new ApplicationStatus(status, 42L, null, List.of(), null, null));

    assertThat(turn.after().state()).isEqualTo(ApplicationState.SUBMITTED);
    assertThat(turn.after().reported().status()).isEqualTo(status);
    assertThat(turn.after().sync().nextSyncAt()).isAfter(NOW);
  }

  @Test
  void an_endless_status_is_cut() {
    Turn turn = answered(new ApplicationStatus("é".repeat(900), null, null, List.of(), null, null));

    assertThat(turn.after().reported().status()).hasSize(200);
  }

  @Test
  void ranges_are_kept_as_soon_as_they_are_seen_and_not_lost_again() {
    Turn seen = answered(new ApplicationStatus("PROCESSING", 42L, null, RANGES, "1", null));
    Turn left =
        inquiry.turn(
            row.with(seen.after()),
            new WeChatResult.Success<>(
                new ApplicationStatus("PROCESSING", null, null, List.of(), null, null)),
            NOW.plusSeconds(60));

    assertThat(left.after().reported().ranges()).isEqualTo(RANGES);
    assertThat(left.after().reported().createTime()).isEqualTo("1");
    assertThat(left.events()).isEmpty();
    assertThat(left.after().progressedAt()).isEqualTo(NOW);
  }

  @Test
  void an_answer_about_another_application_is_not_recorded() {
    Turn turn = answered(new ApplicationStatus("FINISH", 43L, "order-1", RANGES, null, null));
    Turn byIsvId = answered(new ApplicationStatus("FINISH", null, "order-2", RANGES, null, null));

    assertThat(turn.after().state()).isEqualTo(ApplicationState.SUBMITTED);
    assertThat(turn.after().reported()).isEqualTo(Progress.Reported.NOTHING);
    assertThat(turn.outcome()).isEqualTo("foreign");
    assertThat(byIsvId.outcome()).isEqualTo("foreign");
  }

  @Test
  void no_refusal_undoes_a_confirmed_application() {
    Turn turn = failed(new Failure.Rejected(error("applycodequery", 40002)), NOW);

    assertThat(turn.after().state()).isEqualTo(ApplicationState.SUBMITTED);
    assertThat(turn.after().applicationId()).isEqualTo(42L);
    assertThat(turn.after().sync().blocked()).isFalse();
  }

  @Test
  void not_being_found_right_after_the_order_blocks_nothing() {
    Failure notFound = new Failure.Misconfigured(error("applycodequery", 40097));

    assertThat(failed(notFound, NOW).after().sync().blocked()).isFalse();
    assertThat(failed(notFound, SUBMITTED.plus(Duration.ofMinutes(10))).after().sync().blocked())
        .isTrue();
  }

  @Test
  void a_lost_authorization_blocks_at_once() {
    Failure lost =
        new Failure.AuthorizationLost(error("applycodequery", 61003), Failure.Loss.NOT_AUTHORIZED);

    assertThat(failed(lost, NOW).after().sync().blocked()).isTrue();
  }

  @Test
  void a_used_up_quota_puts_it_off_until_the_next_day() {
    Turn turn = failed(new Failure.QuotaExhausted(error("applycodequery", 45009)), NOW);

    Instant midnight = Instant.parse("2026-11-23T16:00:00Z");
    assertThat(turn.after().sync().nextSyncAt())
        .isBetween(midnight, midnight.plus(Duration.ofMinutes(5)));
  }

  private Turn answered(ApplicationStatus answer) {
    return inquiry.turn(row, new WeChatResult.Success<>(answer), NOW);
  }

  private Turn failed(Failure failure, Instant now) {
    return inquiry.turn(row, new WeChatResult.Failed<>(failure), now);
  }

  private static WeChatError error(String api, int errcode) {
    return new WeChatError(api, errcode, "words", null);
  }
}
