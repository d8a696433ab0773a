package io.yima.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Metrics;
import io.yima.testsupport.MetricsPage;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a node tells of itself once its loops, which tests within one process lack, have worked. */
class MetricsIT {

  private static final int MERCHANTS = 20;
  private static final String KIND = "{kind=\"token-refresh\"}";

  @TempDir Path directory;

  @Test
  void a_node_that_has_worked_exposes_what_the_page_explains_and_nothing_else() throws Exception {
    try (PackagedYima yima = new PackagedYima(directory)) {
      ComponentApp app = ComponentApp.unheardOf();
      ApiClient api = new ApiClient(yima.port(), app);
      yima.startNode();
      yima.sandbox().settings(Map.of("token_life", "PT5S"));
      yima.sandbox().platform(app, yima.address());
      assertThat(api.register().statusCode()).isEqualTo(201);
      List<String> merchants = new ArrayList<>();
      for (int i = 0; i < MERCHANTS; i++) {
        merchants.add(yima.sandbox().serviceAccount("计量" + i));
        yima.sandbox().authorize(app.appid(), merchants.getLast(), List.of(1, 46));
      }
      merchants.forEach(merchant -> KilledNodeIT.awaitMarketingCodes(api, merchant));
      assertThat(api.order(merchants.getFirst(), "counted").statusCode()).isEqualTo(201);
      assertThat(api.token(merchants.getFirst()).statusCode()).isEqualTo(200);

      await()
          .atMost(Duration.ofSeconds(120))
          .pollInterval(Duration.ofMillis(500))
          .until(() -> Metrics.value(api.metrics(), refreshed()) >= 3 * MERCHANTS);
      String metrics = api.metrics();

      assertThat(MetricsPage.names()).containsAll(Metrics.names(metrics));
      assertThat(Metrics.names(metrics)).hasSizeGreaterThan(30);
      for (String distribution :
          List.of(
              "yima_work_claim_size_count" + KIND,
              "yima_work_write_back_size_sum" + KIND,
              "yima_work_write_back_seconds_count" + KIND,
              "yima_token_age_seconds_count",
              "yima_token_refresh_lateness_seconds_count")) {
        assertThat(Metrics.value(metrics, distribution)).as(distribution).isPositive();
      }
      assertThat(Metrics.value(metrics, "yima_work_claim_size_sum" + KIND))
          .as("whatever was refreshed was claimed")
          .isGreaterThanOrEqualTo(3.0 * MERCHANTS);
      assertThat(Metrics.value(metrics, "yima_work_lost_leases_total" + KIND)).isZero();
      assertThat(metrics).doesNotContain(app.appid()).doesNotContain(merchants);
    }
  }

  private static String refreshed() {
    return "yima_token_refreshes_total{outcome=\"refreshed\"}";
  }
}
