package io.yima.codes;

import static org.assertj.core.api.Assertions.assertThat;

import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.wechat.AppliedCode;
import io.yima.wechat.Failure;
import io.yima.wechat.WeChatError;
import io.yima.wechat.WeChatResult;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Random;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class SubmissionTest {

  private static final Instant NOW = Instant.parse("2026-11-23T03:00:00Z");
  private static final WeChatError OURS = new WeChatError("applycode", 1, "words", "rid-1");
  private static final WeChatError TOKENS =
      new WeChatError("api_authorizer_token", 2, "words", null);

  private final SyncSchedule schedule =
      new SyncSchedule(
          Duration.ofSeconds(5), Duration.ofMinutes(10), Duration.ofHours(6), new Random());
  private final Submission submission = new Submission(schedule);
  private final CodeApplication order = order();

  static CodeApplication order() {
    AuthorizerId authorizer = new AuthorizerId(ProviderId.next(), "wx0123456789abcdef");
    return new CodeApplication(
        new ApplicationKey(authorizer, "order-1"),
        new CodeApplication.Order(10_000, null, "key", null, NOW),
        Progress.ordered(NOW, NOW.plusSeconds(30)),
        1,
        true);
  }

  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(
            new Failure.TokenRejected(OURS, Failure.RejectedToken.AUTHORIZER),
            SubmitDecision.LATER),
        Arguments.of(new Failure.RateLimited(OURS), SubmitDecision.LATER),
        Arguments.of(new Failure.Unavailable(OURS, true), SubmitDecision.LATER),
        Arguments.of(new Failure.Unavailable(TOKENS, false), SubmitDecision.LATER),
        Arguments.of(new Failure.OutcomeUnknown(OURS, true), SubmitDecision.LATER),
        Arguments.of(new Failure.QuotaExhausted(OURS), SubmitDecision.NEXT_DAY),
        Arguments.of(new Failure.QuotaExhausted(TOKENS), SubmitDecision.LATER),
        Arguments.of(new Failure.Misconfigured(OURS), SubmitDecision.BLOCKED),
        Arguments.of(
            new Failure.AuthorizationLost(TOKENS, Failure.Loss.REFRESH_TOKEN_INVALID),
            SubmitDecision.BLOCKED),
        Arguments.of(
            new Failure.AuthorizationLost(OURS, Failure.Loss.NOT_AUTHORIZED),
            SubmitDecision.BLOCKED),
        Arguments.of(new Failure.Rejected(OURS), SubmitDecision.REJECTED),
        Arguments.of(new Failure.Rejected(TOKENS), SubmitDecision.BLOCKED));
  }

  @ParameterizedTest
  @MethodSource("failures")
  void every_failure_has_its_consequence(Failure failure, SubmitDecision decision) {
    assertThat(SubmitDecision.of(failure)).isEqualTo(decision);
  }

  @Test
  void a_confirmed_order_is_asked_about_soon() {
    Turn turn =
        submission.turn(
            order, true, true, new WeChatResult.Success<>(new AppliedCode(581865877L)), NOW);

    assertThat(turn.after().state()).isEqualTo(ApplicationState.SUBMITTED);
    assertThat(turn.after().applicationId()).isEqualTo(581865877L);
    assertThat(turn.after().submittedAt()).isEqualTo(NOW);
    assertThat(turn.after().sync()).isEqualTo(Progress.Sync.at(NOW.plusSeconds(5)));
    assertThat(turn.events())
        .extracting(ApplicationEvent::kind)
        .containsExactly(EventKind.SUBMITTED);
  }

  @Test
  void a_used_up_quota_puts_it_off_until_the_next_day() {
    Turn turn = failed(new Failure.QuotaExhausted(OURS));

    Instant midnight = Instant.parse("2026-11-23T16:00:00Z");
    assertThat(turn.after().sync().nextSyncAt())
        .isBetween(midnight, midnight.plus(Duration.ofMinutes(5)));
    assertThat(Objects.requireNonNull(turn.after().sync().lastError()).code())
        .isEqualTo("quota_exhausted");
    assertThat(turn.after().sync().blocked()).isFalse();
  }

  @Test
  void what_a_person_must_mend_is_stuck_at_once_and_has_a_remedy() {
    Turn turn = failed(new Failure.Misconfigured(OURS));

    assertThat(turn.after().state()).isEqualTo(ApplicationState.SUBMITTING);
    assertThat(schedule.isStuck(turn.after(), NOW)).isTrue();
    assertThat(Objects.requireNonNull(turn.after().sync().lastError()).remedy()).isNotBlank();
  }

  @Test
  void a_refused_request_is_over() {
    Turn turn = failed(new Failure.Rejected(OURS));

    assertThat(turn.after().state()).isEqualTo(ApplicationState.REJECTED);
    assertThat(turn.after().sync().nextSyncAt()).isNull();
    assertThat(turn.events().getFirst().errcode()).isEqualTo(1);
    assertThat(turn.events().getFirst().rid()).isEqualTo("rid-1");
  }

  @Test
  void an_order_that_never_left_can_still_be_withdrawn() {
    Failure notSent = new Failure.Unavailable(TOKENS, false);

    assertThat(turn(true, false, notSent).after().firstSentAt()).isNull();
    assertThat(turn(false, false, notSent).after().firstSentAt()).isEqualTo(NOW);
    assertThat(turn(true, true, notSent).after().firstSentAt()).isEqualTo(NOW);
  }

  @Test
  void the_same_failure_again_is_not_told_again() {
    Turn first = failed(new Failure.Unavailable(OURS, true));
    Turn second = failedAfter(first, new Failure.Unavailable(OURS, true));
    Turn third = failedAfter(second, new Failure.RateLimited(OURS));

    assertThat(first.events()).hasSize(1);
    assertThat(second.events()).isEmpty();
    assertThat(second.after().sync().attempts()).isEqualTo(2);
    assertThat(third.events()).hasSize(1);
  }

  @Test
  void a_number_that_another_application_has_is_not_taken() {
    Turn submitted =
        submission.turn(order, true, true, new WeChatResult.Success<>(new AppliedCode(7)), NOW);

    Turn conflict = submission.conflict(submitted, NOW);

    assertThat(conflict.after().state()).isEqualTo(ApplicationState.SUBMITTING);
    assertThat(conflict.after().applicationId()).isNull();
    assertThat(conflict.after().sync().blocked()).isTrue();
    assertThat(conflict.after().sync().lastError())
        .extracting("code", "remedy")
        .satisfies(
            values -> assertThat(values.toString()).contains("application_id_conflict", "7"));
  }

  @Test
  void words_that_postgresql_cannot_store_are_cleaned() {
    WeChatError odd = new WeChatError("applycode", 1, "a\u0000b\ud83d", null);

    Turn turn = failed(new Failure.Unavailable(odd, true));

    assertThat(turn.events().getFirst().errmsg()).isEqualTo("a\ufffdb\ufffd");
  }

  private Turn failed(Failure failure) {
    return turn(true, true, failure);
  }

  private Turn failedAfter(@Nullable Turn before, Failure failure) {
    CodeApplication row = before == null ? order : before.application();
    return submission.turn(row, false, true, new WeChatResult.Failed<>(failure), NOW);
  }

  private Turn turn(boolean first, boolean left, Failure failure) {
    return submission.turn(order, first, left, new WeChatResult.Failed<>(failure), NOW);
  }
}
