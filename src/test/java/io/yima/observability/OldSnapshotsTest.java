package io.yima.observability;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.database.EmbeddedPostgres;
import io.yima.database.WorkerDatabase;
import io.yima.testsupport.Metrics;
import io.yima.testsupport.TestDatabase;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class OldSnapshotsTest {

  @Inject OldSnapshots snapshots;
  @Inject WorkerDatabase database;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

  @Test
  void a_forgotten_session_of_another_user_raises_the_alarm_until_it_ends() throws SQLException {
    OldSnapshots impatient = watching(Duration.ofMillis(1));
    EmbeddedPostgres server = TestDatabase.server();
    try (Connection forgotten =
            DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
        Statement statement = forgotten.createStatement()) {
      forgotten.setAutoCommit(false);
      forgotten.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      statement.execute("select count(*) from node");
      database.transaction(
          connection -> connection.createStatement().execute("select pg_current_xact_id()"));

      impatient.sample();

      assertThat(alarm()).isEqualTo(1);
      assertThat(gauge("yima_database_oldest_xmin_seconds")).isPositive();
      assertThat(gauge("yima_database_oldest_xmin_transactions")).isPositive();
    }

    await()
        .untilAsserted(
            () -> {
              impatient.sample();
              assertThat(alarm()).isZero();
            });
  }

  @Test
  void a_snapshot_that_is_not_old_yet_is_measured_and_raises_no_alarm() {
    watching(Duration.ofHours(1)).sample();

    assertThat(alarm()).isZero();
  }

  @Test
  void the_figures_are_metrics_and_every_session_is_seen() {
    snapshots.sample();

    assertThat(Metrics.scrape())
        .containsPattern("(?m)^yima_database_oldest_xmin_seconds\\{holder=\"session\"} \\d")
        .containsPattern(
            "(?m)^yima_database_oldest_xmin_seconds\\{holder=\"prepared_transaction\"} \\d")
        .containsPattern(
            "(?m)^yima_database_oldest_xmin_transactions\\{holder=\"replication_slot\"} \\d")
        .containsPattern("(?m)^yima_database_oldest_xmin_alarm 0")
        .containsPattern("(?m)^yima_database_statistics_visible 1");
  }

  @Test
  void a_threshold_of_nothing_is_refused_by_name() {
    assertThatThrownBy(() -> watching(Duration.ZERO))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("YIMA_DATABASE_SNAPSHOT_ALARM_AFTER");
  }

  private OldSnapshots watching(Duration alarmAfter) {
    OldSnapshots watching = new OldSnapshots(database, registry, () -> alarmAfter);
    watching.register(new StartupEvent());
    return watching;
  }

  private double alarm() {
    return registry.get("yima_database_oldest_xmin_alarm").gauge().value();
  }

  private double gauge(String name) {
    return registry.get(name).tag("holder", "session").gauge().value();
  }
}
