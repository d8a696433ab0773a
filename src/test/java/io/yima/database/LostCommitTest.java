package io.yima.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.yima.tenancy.ProviderDirectory;
import io.yima.tenancy.ProviderId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.testsupport.Keys;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.TcpProxy;
import io.yima.testsupport.TestDatabase;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** The network takes the answer to a commit: it was done, and whoever asked must not think so. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
@QuarkusTestResource(value = LostCommitTest.Network.class, restrictToAnnotatedClass = true)
@TestProfile(LostCommitTest.Alone.class)
class LostCommitTest {

  private static TcpProxy network;

  /** An application of its own, because its network falls apart. */
  public static class Alone implements QuarkusTestProfile {}

  /** Puts a network between the application and its database. */
  public static class Network implements QuarkusTestResourceLifecycleManager {

    @Override
    public Map<String, String> start() {
      String url = TestDatabase.server().jdbcUrl();
      network = TcpProxy.to(Integer.parseInt(url.replaceFirst(".*:(\\d+)/.*", "$1")));
      // Statements always as text: the network looks for one.
      return Map.of(
          "quarkus.datasource.jdbc.url",
          url.replaceFirst(":\\d+/", ":" + network.port() + "/") + "?prepareThreshold=0");
    }

    @Override
    public void stop() {
      try {
        network.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  @Inject WorkerDatabase worker;
  @Inject ProviderTransactions transactions;
  @Inject ProviderDirectory directory;
  @Inject DatabaseWatch watch;
  @Inject Keys keys;

  @Test
  void a_commit_whose_answer_is_lost_is_no_success_in_the_workers_pool() {
    UUID id = Ids.next();

    assertThatThrownBy(
            () ->
                worker.transaction(
                    connection -> {
                      int inserted = insert(connection, id);
                      network.partitionAfter("COMMIT");
                      return inserted;
                    }))
        .isInstanceOfSatisfying(
            DatabaseFailed.class, failed -> assertThat(failed.isPassing()).isTrue());

    assertCommittedAndRecovers(id);
    tell("of background work");
  }

  @Test
  void a_commit_whose_answer_is_lost_is_no_success_in_the_apis_pool() {
    ProviderId provider = directory.find(keys.newProvider()).orElseThrow().id();
    UUID id = Ids.next();

    assertThatThrownBy(
            () ->
                transactions.withConnection(
                    provider,
                    connection -> {
                      int inserted = insert(connection, id);
                      network.partitionAfter("COMMIT");
                      return inserted;
                    }))
        .isInstanceOf(RuntimeException.class);

    assertCommittedAndRecovers(id);
    tell("of a request");
  }

  private void assertCommittedAndRecovers(UUID id) {
    await().atMost(Duration.ofMinutes(1)).until(() -> !watch.isReachable());
    assertThatThrownBy(() -> worker.transaction(connection -> true))
        .as("nobody waits for what is known to be gone")
        .isInstanceOf(DatabaseFailed.class);
    network.heal();
    await().atMost(Duration.ofMinutes(1)).until(watch::isReachable);
    await()
        .atMost(Duration.ofMinutes(1))
        .ignoreException(DatabaseFailed.class)
        .until(() -> worker.transaction(connection -> true));
    assertThat(exists(id)).as("what nobody was told").isTrue();
  }

  private static void tell(String whose) {
    Robustness.row(
        "Limits",
        "a commit " + whose + " that is done and whose answer the network loses",
        1,
        "told as a failure that may have happened, never as a success");
  }

  private static int insert(Connection connection, UUID id) throws SQLException {
    try (PreparedStatement insert =
        connection.prepareStatement(
            """
            insert into provider (id, component_appid, name, status, created_at, version)
            values (?, ?, 'x', 'ACTIVE', now(), 0)
            """)) {
      insert.setObject(1, id);
      insert.setString(2, "wx" + id);
      return insert.executeUpdate();
    }
  }

  /** Asked past the network. */
  private static boolean exists(UUID id) {
    EmbeddedPostgres server = TestDatabase.server();
    try (Connection connection =
            DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
        PreparedStatement select =
            connection.prepareStatement("select 1 from provider where id = ?")) {
      select.setObject(1, id);
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }
}
