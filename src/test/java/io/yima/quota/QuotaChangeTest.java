package io.yima.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.yima.quota.QuotaChange.Effect;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.wechat.Failure;
import io.yima.wechat.WeChatError;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** What a failed call means for its interface's quota. */
class QuotaChangeTest {

  private static final Instant NOW = Instant.parse("2026-11-24T02:00:00Z");
  private static final LocalDate DAY = LocalDate.of(2026, 11, 24);
  private static final AuthorizerId MERCHANT =
      new AuthorizerId(new ProviderId(new UUID(0, 1)), "wxmerchant");
  private static final WeChatError OURS = new WeChatError("applycode", 1, "no", null);
  private static final WeChatError TOKENS = new WeChatError("api_authorizer_token", 1, "no", null);

  @Test
  void a_used_up_quota_parks_until_the_day_ends() {
    assertThat(change(new Failure.QuotaExhausted(OURS), true))
        .isEqualTo(
            new QuotaChange(
                MERCHANT, "applycode", DAY, Effect.PARKED, Instant.parse("2026-11-24T16:00:00Z")));
  }

  /** Of a node that was stopped meanwhile, say: it is the day of the call that counts. */
  @Test
  void a_quota_that_was_used_up_yesterday_parks_nothing_today() {
    Instant midnight = Instant.parse("2026-11-24T16:00:00Z");
    for (Instant made : List.of(midnight.minusSeconds(1), midnight.plusSeconds(59))) {
      assertThat(
              QuotaChange.of(
                  MERCHANT, "applycode", DAY, true, new Failure.QuotaExhausted(OURS), made))
          .extracting(QuotaChange::at)
          .isEqualTo(midnight);
    }
  }

  @Test
  void too_many_calls_slow() {
    assertThat(change(new Failure.RateLimited(OURS), true))
        .isEqualTo(new QuotaChange(MERCHANT, "applycode", DAY, Effect.SLOWED, NOW));
  }

  @Test
  void what_never_left_is_given_back() {
    assertThat(change(new Failure.Unavailable(TOKENS, false), false))
        .isEqualTo(new QuotaChange(MERCHANT, "applycode", DAY, Effect.UNSENT, NOW));
  }

  @Test
  void what_was_said_of_another_interface_or_of_something_else_means_nothing() {
    for (Failure failure :
        List.of(
            new Failure.QuotaExhausted(TOKENS),
            new Failure.RateLimited(TOKENS),
            new Failure.Unavailable(OURS, true),
            new Failure.OutcomeUnknown(OURS, true),
            new Failure.Rejected(OURS),
            new Failure.Misconfigured(OURS))) {
      assertThat(change(failure, true)).as(failure.code()).isNull();
    }
  }

  private static QuotaChange change(Failure failure, boolean left) {
    return QuotaChange.of(MERCHANT, "applycode", DAY, left, failure, NOW);
  }
}
