package io.yima.codes;

import static java.time.Duration.ofHours;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofMinutes;
import static java.time.Duration.ofSeconds;
import static org.assertj.core.api.Assertions.assertThat;

import io.yima.quota.ShanghaiDay;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

class SyncScheduleTest {

  private static final Instant NOW = Instant.parse("2026-11-23T03:00:00Z");

  private final SyncSchedule schedule =
      new SyncSchedule(ofSeconds(5), ofMinutes(10), ofHours(6), new Random());

  @Test
  void the_first_question_comes_after_the_time_set() {
    assertThat(schedule.afterSubmission(NOW)).isEqualTo(NOW.plusSeconds(5));
  }

  @RepeatedTest(20)
  void questions_become_rarer_with_age_and_never_rarer_than_the_limit() {
    assertThat(waitAfter(ofSeconds(5))).isBetween(ofMillis(4500), ofSeconds(5));
    assertThat(waitAfter(ofMinutes(2))).isBetween(ofSeconds(54), ofSeconds(60));
    assertThat(waitAfter(ofMinutes(20))).isBetween(ofMinutes(9), ofMinutes(10));
    assertThat(waitAfter(ofHours(5))).isBetween(ofMinutes(9), ofMinutes(10));
  }

  @RepeatedTest(20)
  void what_is_stuck_is_asked_about_every_six_hours() {
    assertThat(waitAfter(ofHours(6))).isBetween(ofMinutes(324), ofHours(6));
    assertThat(waitAfter(ofHours(600))).isBetween(ofMinutes(324), ofHours(6));
  }

  @RepeatedTest(20)
  void what_is_blocked_is_tried_every_hour() {
    assertThat(Duration.between(NOW, schedule.whenBlocked(NOW)))
        .isBetween(ofMinutes(54), ofHours(1));
  }

  @RepeatedTest(20)
  void failures_are_followed_by_growing_waits() {
    assertThat(Duration.between(NOW, schedule.afterFailures(1, NOW)))
        .isBetween(ofMillis(2500), ofSeconds(5));
    assertThat(Duration.between(NOW, schedule.afterFailures(50, NOW)))
        .isBetween(ofMinutes(5), ofMinutes(10));
  }

  @Test
  void stuck_is_what_has_not_progressed_for_long_or_is_blocked_and_not_over() {
    Progress progress = Progress.ordered(NOW, NOW);

    assertThat(schedule.isStuck(progress, NOW.plus(ofHours(6)).minusMillis(1))).isFalse();
    assertThat(schedule.isStuck(progress, NOW.plus(ofHours(6)))).isTrue();
    assertThat(schedule.isStuck(progress.postponed(null, true, NOW), NOW)).isTrue();
    Progress finished = progress.submitted(7, NOW, NOW).finished(Progress.Reported.NOTHING, NOW);
    assertThat(schedule.isStuck(finished, NOW.plus(ofHours(7)))).isFalse();
  }

  @Test
  void the_day_begins_at_midnight_in_shanghai() {
    assertThat(ShanghaiDay.after(Instant.parse("2026-11-23T15:59:59.999999Z")))
        .isEqualTo("2026-11-23T16:00:00Z");
    assertThat(ShanghaiDay.after(Instant.parse("2026-11-23T16:00:00Z")))
        .isEqualTo("2026-11-24T16:00:00Z");
    assertThat(ShanghaiDay.after(Instant.parse("2026-12-31T15:00:00Z")))
        .isEqualTo("2026-12-31T16:00:00Z");
  }

  private Duration waitAfter(Duration still) {
    return Duration.between(NOW, schedule.afterAnswer(NOW.minus(still), NOW));
  }
}
