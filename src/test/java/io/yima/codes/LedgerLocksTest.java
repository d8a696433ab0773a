package io.yima.codes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.database.WorkerDatabase;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import io.yima.work.Lease;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Statements that lock several applications take them in one order, whoever runs them. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class LedgerLocksTest {

  private static final Lease LEASE = new Lease(Duration.ofSeconds(30), Duration.ofSeconds(5));
  private static final int ROUNDS = 40;

  private static final String LOCK =
      """
      select from code_application
      where provider_id = ? and authorizer_appid = ? and isv_application_id = ? for update
      """;

  private static final String WAITING =
      "select count(distinct pid) from pg_locks where not granted";

  @Inject WorkerDatabase database;
  @Inject Event<ApplicationsFinished> finished;
  @Inject SettableClock clock;

  private OrderScene scene;

  @BeforeEach
  void open() {
    scene = OrderScene.open();
    forgetAll();
  }

  @AfterEach
  void forgetAll() {
    database.transaction(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "update code_application set next_sync_at = null"
                      + " where next_sync_at is not null")) {
            return update.executeUpdate();
          }
        });
  }

  /**
   * Both are stopped at one row in the middle, each with what comes before it in its hands. When
   * that row is let go, whoever gets it goes on to what the other holds.
   */
  @Test
  void two_who_write_the_same_applications_never_wait_for_each_other() throws Exception {
    for (String merchant : List.of(scene.merchant(), scene.merchant())) {
      for (int i = 0; i < 5; i++) {
        scene.order(merchant, "order-" + i).statusCode(201);
      }
    }
    Time.passes(Duration.ofSeconds(10));
    for (int seed = 0; seed < ROUNDS; seed++) {
      round(seed);
    }
    Robustness.row(
        "Quota",
        "two who write the same applications, in random orders, at one instant",
        ROUNDS,
        "no deadlock");
  }

  private void round(int seed) throws Exception {
    Random random = new Random(seed);
    List<Turn> turns = claim();
    List<Turn> mine = shuffled(turns, random);
    List<Turn> theirs = shuffled(turns, random);
    boolean givesBack = random.nextBoolean();
    ApplicationKey middle = turns.get(random.nextInt(turns.size())).key();
    List<Future<?>> both = new ArrayList<>();
    try (ExecutorService nodes = Executors.newVirtualThreadPerTaskExecutor()) {
      database.transaction(
          connection -> {
            lock(connection, middle);
            both.add(nodes.submit(() -> write(mine)));
            both.add(nodes.submit(() -> givesBack ? giveBack() : write(theirs)));
            await().until(() -> waiting(connection) == 2);
            return true;
          });
    }
    for (Future<?> one : both) {
      assertThat(one).as("seed %d", seed).succeedsWithin(Duration.ZERO);
    }
  }

  private List<Turn> claim() {
    List<Claimed> claimed =
        database.transaction(
            connection -> LedgerClaims.due(connection, clock.instant(), 500, "test", LEASE, 1));
    assertThat(claimed).hasSize(10);
    return claimed.stream().map(one -> Turn.of(one.row(), one.row().progress(), "test")).toList();
  }

  private static List<Turn> shuffled(List<Turn> turns, Random random) {
    List<Turn> shuffled = new ArrayList<>(turns);
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  private int write(List<Turn> turns) {
    return database.transaction(
        connection -> LedgerRecords.write(connection, turns, "test", finished).size());
  }

  private int giveBack() {
    return database.transaction(connection -> LedgerClaims.giveBack(connection, "test"));
  }

  private static void lock(Connection connection, ApplicationKey key) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(LOCK)) {
      key.bind(select, 1);
      select.executeQuery().close();
    }
  }

  private static int waiting(Connection connection) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(WAITING);
        ResultSet row = select.executeQuery()) {
      row.next();
      return row.getInt(1);
    }
  }
}
