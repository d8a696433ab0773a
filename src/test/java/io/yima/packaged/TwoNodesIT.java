package io.yima.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yima.database.DatabaseRoles;
import io.yima.database.EmbeddedPostgres;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.FreePort;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
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
      ApiClient second = new ApiClient(FreePort.choose(), app);
      List<JavaProcess> nodes = List.of(yima.startNode(), yima.startNode(second.port(), Map.of()));
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

      assertThat(yima.sandbox().counters().getList("overlaps")).isEmpty();
      System.out.printf(
          "two nodes, %d merchants: %.0f and %.0f refreshes, 0 overlapping%n",
          MERCHANTS, refreshed(first), refreshed(second));

      nodes.forEach(JavaProcess::stop);
      assertThat(leasesHeld(yima)).as("nodes that stop give their leases back").isZero();
      assertThat(yima.sandbox().counters().getInt("in_flight")).isZero();
    }
  }

  static int leasesHeld(PackagedYima yima) throws SQLException {
    EmbeddedPostgres database = yima.database();
    try (Connection connection =
            DriverManager.getConnection(
                database.jdbcUrl(), database.username(), database.password());
        Statement statement = connection.createStatement()) {
      statement.execute("set role " + DatabaseRoles.WORKER);
      try (ResultSet row =
          statement.executeQuery(
              "select count(*) from authorizer_token where lease_until > now()")) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  private static double refreshed(ApiClient node) {
    Matcher metric = REFRESHED.matcher(node.metrics());
    return metric.find() ? Double.parseDouble(metric.group(1)) : 0;
  }
}
