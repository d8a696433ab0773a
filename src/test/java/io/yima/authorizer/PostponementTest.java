package io.yima.authorizer;

import static org.assertj.core.api.Assertions.assertThat;

import io.yima.wechat.Failure;
import io.yima.wechat.Failure.Misconfigured;
import io.yima.wechat.Failure.QuotaExhausted;
import io.yima.wechat.Failure.Unavailable;
import io.yima.wechat.WeChatError;
import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class PostponementTest {

  private static final WeChatError ERROR =
      new WeChatError("api_authorizer_token", -1, "busy", null);
  private static final Instant NOW = Instant.parse("2026-03-01T15:59:00Z");

  private final RandomGenerator random = RandomGenerator.getDefault();

  @Test
  void first_failure_is_tried_again_within_two_seconds() {
    assertThat(after(new Unavailable(ERROR, true), 1))
        .isBetween(NOW.plusSeconds(1), NOW.plusSeconds(2));
  }

  @Test
  void no_wait_is_longer_than_a_quarter_of_an_hour() {
    assertThat(after(new Unavailable(ERROR, true), 1_000))
        .isBefore(NOW.plus(Duration.ofMinutes(15)).plusMillis(1));
  }

  @Test
  void what_a_person_must_mend_is_tried_hourly_in_the_end() {
    assertThat(after(new Misconfigured(ERROR), 50))
        .isBetween(NOW.plus(Duration.ofMinutes(30)), NOW.plus(Duration.ofHours(1)));
  }

  @Test
  void a_used_up_quota_waits_for_the_next_day_in_shanghai() {
    Instant midnight = Instant.parse("2026-03-01T16:00:00Z");

    assertThat(after(new QuotaExhausted(ERROR), 1))
        .isBetween(midnight, midnight.plus(Duration.ofMinutes(5)));
  }

  private Instant after(Failure failure, int attempts) {
    return Postponement.after(failure, attempts, NOW, random);
  }
}
