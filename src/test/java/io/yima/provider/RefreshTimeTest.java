package io.yima.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.DoubleSummaryStatistics;
import java.util.Random;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RefreshTimeTest {

  private static final Instant ISSUED = Instant.parse("2026-01-01T00:00:00Z");

  @Test
  void due_times_spread_over_a_tenth_of_the_life_around_the_share() {
    Random random = new Random(7);
    DoubleSummaryStatistics seconds =
        DoubleStream.generate(() -> secondsUntilDue(random)).limit(10_000).summaryStatistics();

    assertThat(seconds.getMin()).isBetween(5_400.0, 5_410.0);
    assertThat(seconds.getMax()).isBetween(6_110.0, 6_120.0);
    assertThat(seconds.getAverage()).isBetween(5_750.0, 5_770.0);
  }

  /** A catch-up refreshes within seconds what fell due within an hour. */
  @Test
  void a_burst_does_not_come_back_as_a_burst() {
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      int[] dueByMinute = new int[130];
      for (int token = 0; token < 60_000; token++) {
        dueByMinute[(int) (secondsUntilDue(random) / 60)]++;
      }

      int worst = IntStream.of(dueByMinute).max().orElseThrow();
      assertThat(worst).as("seed %d: a twelfth of it a minute", seed).isLessThan(5_500);
    }
  }

  @Test
  void a_share_that_could_leave_the_life_is_refused_by_the_name_of_its_setting() {
    assertThatThrownBy(() -> new RefreshTime(0.99)).hasMessageContaining("YIMA_TOKENS_REFRESH_AT");
    assertThatThrownBy(() -> new RefreshTime(0)).hasMessageContaining("YIMA_TOKENS_REFRESH_AT");
    assertThatThrownBy(() -> new RefreshTime(Double.NaN))
        .hasMessageContaining("YIMA_TOKENS_REFRESH_AT");
  }

  private static double secondsUntilDue(Random random) {
    Instant due = new RefreshTime(0.8).due(ISSUED, Duration.ofHours(2), random);
    return Duration.between(ISSUED, due).toMillis() / 1000.0;
  }
}
