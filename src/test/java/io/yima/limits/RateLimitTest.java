package io.yima.limits;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.bucket4j.TimeMeter;
import io.vertx.core.MultiMap;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class RateLimitTest {

  private long nanos = 1;

  private final TimeMeter time =
      new TimeMeter() {
        @Override
        public long currentTimeNanos() {
          return nanos;
        }

        @Override
        public boolean isWallClockBased() {
          return false;
        }
      };

  private final RateLimit limit = new RateLimit(new Rate(10, Duration.ofSeconds(1)), time);

  @Test
  void so_many_may_come_at_once_and_no_more() {
    for (int i = 9; i >= 0; i--) {
      Allowance allowance = limit.take("a");
      assertThat(allowance.given()).isTrue();
      assertThat(allowance.remaining()).isEqualTo(i);
    }

    Allowance refused = limit.take("a");

    assertThat(refused.given()).isFalse();
    assertThat(refused.retryAfter()).isEqualTo(Duration.ofMillis(100));
    assertThat(refused.reset()).isEqualTo(Duration.ofSeconds(1));
    assertThat(limit.take("b").given()).isTrue();
  }

  @Test
  void whoever_waits_as_told_is_let_in() {
    for (int i = 0; i < 10; i++) {
      limit.take("a");
    }
    Allowance refused = limit.take("a");

    pass(refused.retryAfter());

    assertThat(limit.take("a").given()).isTrue();
    assertThat(limit.take("a").given()).isFalse();
  }

  @Test
  void over_any_time_no_more_get_in_than_the_rate_and_one_burst() {
    long seed = RandomGenerator.getDefault().nextLong();
    RandomGenerator random = new java.util.Random(seed);
    long start = nanos;
    int given = 0;

    for (int i = 0; i < 10_000; i++) {
      pass(Duration.ofMillis(random.nextInt(60)));
      given += limit.take("a").given() ? 1 : 0;
      long tenths = (nanos - start) / Duration.ofMillis(100).toNanos();
      assertThat(given).as("seed %d, request %d", seed, i).isLessThanOrEqualTo((int) tenths + 10);
    }
  }

  @Test
  void looking_takes_nothing() {
    limit.take("a");

    for (int i = 0; i < 20; i++) {
      assertThat(limit.look("a").given()).isTrue();
    }

    for (int i = 0; i < 9; i++) {
      limit.take("a");
    }
    assertThat(limit.look("a").given()).isFalse();
    assertThat(limit.look("nobody").given()).isTrue();
  }

  @Test
  void zero_is_no_limit_and_is_not_told() {
    RateLimit none = new RateLimit(new Rate(0, Duration.ofSeconds(1)), time);
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();

    for (int i = 0; i < 10_000; i++) {
      assertThat(none.take("a").given()).isTrue();
    }
    none.take("a").tell(headers);

    assertThat(headers.names()).isEmpty();
  }

  @Test
  void the_fields_are_whole_seconds_after_which_the_wait_is_really_over() {
    MultiMap headers = MultiMap.caseInsensitiveMultiMap();
    Allowance allowance =
        new Allowance(false, 10, 0, Duration.ofMillis(2_001), Duration.ofMillis(1_001));

    allowance.tell(headers);

    assertThat(headers.get("RateLimit-Limit")).isEqualTo("10");
    assertThat(headers.get("RateLimit-Remaining")).isEqualTo("0");
    assertThat(headers.get("RateLimit-Reset")).isEqualTo("3");
    assertThat(allowance.retryAfterSeconds()).isEqualTo(Duration.ofSeconds(2));
  }

  private void pass(Duration step) {
    nanos += step.toNanos();
  }
}
