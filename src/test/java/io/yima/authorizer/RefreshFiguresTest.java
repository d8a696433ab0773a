package io.yima.authorizer;

import static io.yima.authorizer.Merchants.as;
import static io.yima.authorizer.Merchants.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Metrics;
import io.yima.testsupport.Sandbox;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class RefreshFiguresTest {

  private static final String OVERLAPS = "yima_work_overlaps_refused_total{kind=\"token-refresh\"}";

  @Inject Merchants merchants;
  @Inject TokenKeeper keeper;
  @Inject SettableClock clock;

  private final Sandbox sandbox = Sandbox.ofThisTest();
  private final ComponentApp app = ComponentApp.unheardOf();
  private AuthorizerId merchant;

  @BeforeEach
  void authorize() {
    ProviderId provider = merchants.provider(app);
    merchant = merchants.authorized(provider, app);
  }

  @AfterEach
  void leaveNothingBehind() {
    sandbox.clearFaults();
    merchants.archive(app);
    clock.reset();
  }

  @Test
  void a_renewal_tells_the_token_s_age_its_lateness_and_the_life_that_was_left() {
    // Others' merchants of this database are renewed as well, and not to be late before it begins.
    keeper.refreshDue(500);
    String before = Metrics.scrape();
    clock.advance(Duration.ofMinutes(110));

    keeper.refreshDue(500);

    String after = Metrics.scrape();
    long renewed = Math.round(grown(before, after, "yima_token_age_seconds_count"));
    assertThat(renewed).isPositive();
    assertThat(grown(before, after, "yima_token_refresh_lateness_seconds_count"))
        .isEqualTo(renewed);
    assertThat(grown(before, after, "yima_token_life_left_seconds_count")).isEqualTo(renewed);
    assertThat(grown(before, after, "yima_token_gap_seconds_count")).isZero();
    assertThat(grown(before, after, "yima_token_age_seconds_sum") / renewed)
        .isCloseTo(Duration.ofMinutes(110).toSeconds(), within(600.0));
    assertThat(grown(before, after, "yima_token_life_left_seconds_sum") / renewed)
        .isCloseTo(Duration.ofMinutes(10).toSeconds(), within(600.0));
    // Due at 0.75 to 0.85 of two hours.
    assertThat(grown(before, after, "yima_token_refresh_lateness_seconds_sum") / renewed)
        .isBetween(0.0, Duration.ofMinutes(30).toSeconds() + 0.0);
  }

  @Test
  void a_token_that_had_expired_tells_for_how_long_there_was_none() {
    String before = Metrics.scrape();
    clock.advance(Duration.ofMinutes(150));

    keeper.refreshDue(500);

    String after = Metrics.scrape();
    double gaps = grown(before, after, "yima_token_gap_seconds_count");
    assertThat(gaps).isPositive();
    assertThat(grown(before, after, "yima_token_gap_seconds_sum") / gaps)
        .isCloseTo(Duration.ofMinutes(30).toSeconds(), within(600.0));
  }

  @Test
  void a_renewal_out_of_turn_is_not_late() {
    String before = Metrics.scrape();

    as(app).body("{}").post(path(merchant) + "/token/refresh").then().statusCode(200);

    String after = Metrics.scrape();
    assertThat(grown(before, after, "yima_token_refresh_lateness_seconds_count")).isZero();
    assertThat(grown(before, after, "yima_token_age_seconds_count")).isEqualTo(1);
  }

  @Test
  void forced_refreshes_of_one_merchant_at_once_are_one_and_the_others_are_counted()
      throws Exception {
    double before = Metrics.value(OVERLAPS);
    sandbox.fault(
        Map.of(
            "path",
            "/cgi-bin/component/api_authorizer_token",
            "kind",
            "delay",
            "delay_ms",
            1_000,
            "times",
            1));

    List<Future<Integer>> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        answers.add(
            threads.submit(
                () -> as(app).body("{}").post(path(merchant) + "/token/refresh").statusCode()));
      }
    }

    for (Future<Integer> answer : answers) {
      assertThat(answer.get()).isEqualTo(200);
    }
    int calls = Merchants.refreshCalls(app, merchant);
    assertThat(Metrics.value(OVERLAPS) - before).isEqualTo(8.0 - calls);
  }

  private static double grown(String before, String after, String series) {
    return Metrics.value(after, series) - Metrics.value(before, series);
  }
}
