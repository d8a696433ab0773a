package io.yima.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yima.testsupport.ComponentApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TwoNodesIT {

  private static final int MERCHANTS = 60;
  private static final Pattern REFRESHED =
      Pattern.compile("yima_token_refreshes_total\\{outcome=\"refreshed\"[^}]*} ([0-9.]+)");

  @TempDir Path directory;

  @Test
  void two_nodes_share_the_work_and_never_refresh_one_merchant_at_the_same_time() throws Exception {
    try (PackagedYima yima = new PackagedYima(directory)) {
      ComponentApp app = ComponentApp.unheardOf();
      ApiClient first = new ApiClient(yima.port(), app);
      ApiClient second = new ApiClient(PackagedYima.freePort(), app);
      yima.startNode();
      yima.startNode(second.port(), Map.of());
      // Tokens that live for seconds make hours of work in half a minute.
      yima.sandbox().settings(Map.of("token_life", "PT5S", "latency", "PT0.05S"));
      yima.sandbox().platform(app, yima.address());
      assertThat(first.register().statusCode()).isEqualTo(201);
      List<String> merchants = new ArrayList<>();
      for (int i = 0; i < MERCHANTS; i++) {
        merchants.add(yima.sandbox().serviceAccount("双节点" + i));
        yima.sandbox().authorize(app.appid(), merchants.getLast(), List.of(1, 46));
      }
      merchants.forEach(merchant -> KilledNodeIT.awaitMarketingCodes(second, merchant));

      await()
          .atMost(Duration.ofSeconds(120))
          .until(
              () ->
                  refreshed(first) >= 2 * MERCHANTS && refreshed(second) > 0
                      || refreshed(second) >= 2 * MERCHANTS && refreshed(first) > 0);

      assertThat(yima.sandbox().counters().getInt("overlapping_refreshes")).isZero();
      assertThat(yima.sandbox().counters().getInt("overlapping_component_tokens")).isZero();
      System.out.printf(
          "two nodes, %d merchants: %.0f and %.0f refreshes, 0 overlapping%n",
          MERCHANTS, refreshed(first), refreshed(second));
    }
  }

  private static double refreshed(ApiClient node) {
    Matcher metric = REFRESHED.matcher(node.metrics());
    return metric.find() ? Double.parseDouble(metric.group(1)) : 0;
  }
}
