package io.yima.quota;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalDate;
import org.junit.jupiter.api.Test;

/** Which day it is where quotas begin anew. */
class ShanghaiDayTest {

  private static final Instant MIDNIGHT = Instant.parse("2026-11-24T16:00:00Z");

  @Test
  void a_day_begins_at_four_in_the_afternoon_of_utc() {
    assertThat(ShanghaiDay.of(MIDNIGHT.minusMillis(1))).isEqualTo(LocalDate.of(2026, 11, 24));
    assertThat(ShanghaiDay.of(MIDNIGHT)).isEqualTo(LocalDate.of(2026, 11, 25));
  }

  @Test
  void a_refusal_in_the_first_minute_is_about_the_day_before() {
    assertThat(ShanghaiDay.afterRefusal(MIDNIGHT.minusSeconds(1))).isEqualTo(MIDNIGHT);
    assertThat(ShanghaiDay.afterRefusal(MIDNIGHT.plusSeconds(59))).isEqualTo(MIDNIGHT);
    assertThat(ShanghaiDay.afterRefusal(MIDNIGHT.plusSeconds(60)))
        .isEqualTo(Instant.parse("2026-11-25T16:00:00Z"));
  }

  @Test
  void what_is_told_around_midnight_may_be_of_either_day() {
    assertThat(isCertain(-69, -61)).isTrue();
    assertThat(isCertain(-61, -60)).isFalse();
    assertThat(isCertain(-9, -1)).isFalse();
    assertThat(isCertain(-1, 1)).isFalse();
    assertThat(isCertain(-600, 600)).isFalse();
    assertThat(isCertain(59, 61)).isFalse();
    assertThat(isCertain(60, 61)).isTrue();
    assertThat(isCertain(60, 86_400 - 61)).isTrue();
    assertThat(isCertain(60, 86_400 + 60)).isFalse();
  }

  private static boolean isCertain(long asked, long told) {
    return ShanghaiDay.isCertain(MIDNIGHT.plusSeconds(asked), MIDNIGHT.plusSeconds(told));
  }
}
