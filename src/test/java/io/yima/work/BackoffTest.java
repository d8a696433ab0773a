package io.yima.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yima.wechat.Urgency;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BackoffTest {

  private static final long SEED = 46;

  @Test
  void waits_double_up_to_the_limit_and_never_by_less_than_half() {
    Backoff backoff = new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(15));
    Random random = new Random(SEED);
    for (int attempts = 1; attempts < 200; attempts++) {
      long ceiling = Math.min(900_000, 2_000L << Math.min(attempts - 1, 30));
      assertThat(backoff.after(attempts, random).toMillis())
          .as("attempt %d of seed %d", attempts, SEED)
          .isBetween(ceiling / 2, ceiling);
    }
  }

  @Test
  void what_failed_together_does_not_come_back_together() {
    Backoff backoff = new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(15));
    Random random = new Random(SEED);

    assertThat(Stream.generate(() -> backoff.after(5, random)).limit(100).distinct())
        .hasSizeGreaterThan(90);
  }

  @Test
  void a_lease_that_a_call_could_outlive_is_refused() {
    Duration timeout = Duration.ofSeconds(5);

    assertThat(Lease.checked("YIMA_TOKENS_LEASE", Duration.ofSeconds(8), timeout).interval())
        .isEqualTo("8000 milliseconds");
    assertThatThrownBy(() -> Lease.checked("YIMA_TOKENS_LEASE", Duration.ofSeconds(7), timeout))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("YIMA_TOKENS_LEASE")
        .hasMessageContaining("YIMA_WECHAT_TIMEOUT");
  }

  @Test
  void a_call_that_starts_in_time_ends_two_seconds_before_its_lease() {
    Duration timeout = Duration.ofSeconds(5);

    assertThat(new Lease(Duration.ofSeconds(30), timeout).startingNow(Urgency.AHEAD).remaining())
        .isLessThanOrEqualTo(Duration.ofSeconds(23))
        .isGreaterThan(Duration.ofSeconds(15));
    assertThat(new Lease(Duration.ofSeconds(7), timeout).startingNow(Urgency.AHEAD).passed())
        .isTrue();
  }
}
