package io.yima.codes;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.database.Columns;
import io.yima.database.WorkerDatabase;
import io.yima.tenancy.ProviderDirectory;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.Planner;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.YimaTestResource;
import io.yima.work.Lease;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In which order a backlog of applications is claimed. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class LedgerClaimsTest {

  private static final Lease LEASE = new Lease(Duration.ofSeconds(30), Duration.ofSeconds(5));

  private static final String MERCHANT =
      """
      insert into authorizer (provider_id, authorizer_appid, status, mini_program, permission_sets,
        authorized_at, version)
      values (?, ?, 'ACTIVE', false, '{1,46}', now(), 0)
      """;

  private static final String SEED =
      """
      insert into code_application (provider_id, authorizer_appid, isv_application_id, code_count,
        state, requested_by, requested_at, progressed_at, next_sync_at, bucket)
      select ?, ?, 'order-' || i, 10000, 'SUBMITTING', 'test', now(), now(),
        ?::timestamptz + i * interval '1 second', 0
      from generate_series(1, ?) i
      """;

  @Inject WorkerDatabase database;
  @Inject ProviderDirectory directory;
  @Inject SettableClock clock;

  private OrderScene giant;
  private OrderScene small;

  /** Opened before anything is seeded, because opening works off what is due. */
  @BeforeEach
  void open() {
    giant = OrderScene.open();
    small = OrderScene.open();
    forgetAll();
  }

  @AfterEach
  void forgetAll() {
    update("update code_application set next_sync_at = null where next_sync_at is not null");
  }

  private void update(String statement) {
    database.transaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(statement)) {
            return update.executeUpdate();
          }
        });
  }

  @Test
  void one_providers_backlog_does_not_delay_anothers_ten() {
    seed(giant, 2_000, Duration.ofHours(3));
    seed(small, 10, Duration.ofMinutes(1));

    List<Claimed> first = new ArrayList<>();
    // A claim visits a hundred providers; those of other tests have nothing due.
    for (int claims = 0; claims <= providers() / 100; claims++) {
      List<Claimed> claimed = claim(60);
      assertThat(claimed).hasSize(60);
      first.addAll(claimed);
    }

    assertThat(first).hasSizeLessThan(1_500);
    assertThat(first).filteredOn(one -> isOf(one, small)).hasSize(10);
    assertThat(first).filteredOn(one -> isOf(one, giant)).hasSize(first.size() - 10);
  }

  @Test
  void one_merchants_backlog_does_not_delay_anothers_ten() {
    seed(giant, "wxaaaa", 2_000, Duration.ofHours(3));
    seed(giant, "wxzzzz", 10, Duration.ofMinutes(1));

    List<Claimed> first = new ArrayList<>();
    for (int claims = 0; claims <= providers() / 100; claims++) {
      first.addAll(claim(60));
    }

    assertThat(first).filteredOn(one -> isFor(one, "wxzzzz")).hasSize(10);
  }

  /**
   * More merchants than a claim walks by, each with a due one but the first, who has a thousand.
   */
  @Test
  void among_many_merchants_each_has_its_turn_long_before_the_giant_is_done() {
    seed(giant, "wx0000giant", 3_000, Duration.ofHours(3));
    for (int merchant = 0; merchant < 200; merchant++) {
      seed(
          giant,
          String.format(Locale.ROOT, "wx%02xmerchant%d", merchant, merchant),
          1,
          Duration.ofMinutes(1));
    }

    List<Claimed> first = new ArrayList<>();
    while (first.stream().filter(one -> !isFor(one, "wx0000giant")).count() < 200) {
      List<Claimed> claimed = claim(60);
      assertThat(claimed.size()).as("after %d", first.size()).isPositive();
      first.addAll(claimed);
    }

    assertThat(first.stream().filter(one -> isFor(one, "wx0000giant")).count()).isLessThan(2_000);
  }

  @Test
  void a_claim_that_takes_all_there_is_takes_merchants_in_turn_too() {
    seed(giant, "wxaaaa", 100, Duration.ofHours(3));
    seed(giant, "wxzzzz", 10, Duration.ofMinutes(1));

    assertThat(claim(60)).filteredOn(one -> isFor(one, "wxzzzz")).hasSize(10);
  }

  @Test
  void everything_that_is_due_is_claimed_once_by_whoever_comes() throws Exception {
    seed(giant, 400, Duration.ofHours(3));
    seed(small, 10, Duration.ofMinutes(1));

    List<ApplicationKey> claimed = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<ApplicationKey>>> nodes = new ArrayList<>();
      for (int node = 0; node < 4; node++) {
        nodes.add(threads.submit(this::claimAll));
      }
      for (Future<List<ApplicationKey>> node : nodes) {
        claimed.addAll(node.get());
      }
    }

    assertThat(claimed).hasSize(410).doesNotHaveDuplicates();
    assertThat(claim(100)).isEmpty();
  }

  /** As after an outage: what fell due was far away when PostgreSQL last looked. */
  @Test
  void a_claim_stays_cheap_when_statistics_say_that_nothing_is_due() throws Exception {
    seed(giant, 10_000, Duration.ofDays(-2));
    Planner.refreshStatistics("code_application");
    update("update code_application set next_sync_at = next_sync_at - interval '3 days'");

    int pages =
        database.transaction(
            connection ->
                Planner.pagesTouched(
                    connection,
                    LedgerClaims.CLAIM_DUE,
                    claim ->
                        LedgerClaims.bindDue(claim, clock.instant(), 100, 0, "planner", LEASE, 1),
                    100));

    assertThat(pages).isLessThan(5_000);
  }

  private List<ApplicationKey> claimAll() {
    List<ApplicationKey> all = new ArrayList<>();
    for (List<Claimed> some = claim(30); !some.isEmpty(); some = claim(30)) {
      assertThat(some.size()).isLessThanOrEqualTo(30);
      some.forEach(one -> all.add(one.row().key()));
    }
    return all;
  }

  private List<Claimed> claim(int limit) {
    return database.transaction(
        connection -> LedgerClaims.due(connection, clock.instant(), limit, "test", LEASE, 1));
  }

  private int providers() {
    return database.transaction(
        connection -> {
          try (PreparedStatement select =
                  connection.prepareStatement("select count(*) from provider");
              ResultSet row = select.executeQuery()) {
            row.next();
            return row.getInt(1);
          }
        });
  }

  private boolean isOf(Claimed claimed, OrderScene scene) {
    return claimed.row().key().provider().equals(provider(scene));
  }

  private ProviderId provider(OrderScene scene) {
    return directory.find(scene.app.appid()).orElseThrow().id();
  }

  private static boolean isFor(Claimed claimed, String merchant) {
    return claimed.row().key().authorizer().authorizerAppid().equals(merchant);
  }

  private void seed(OrderScene scene, int count, Duration since) {
    seed(scene, "wxmerchant" + scene.app.appid().substring(2), count, since);
  }

  /** Applications of a new merchant that fell due so long ago and since. */
  private void seed(OrderScene scene, String merchant, int count, Duration since) {
    Instant due = clock.instant().minus(since);
    database.transaction(
        connection -> {
          try (PreparedStatement insert = connection.prepareStatement(MERCHANT)) {
            insert.setObject(1, provider(scene).value());
            insert.setString(2, merchant);
            insert.executeUpdate();
          }
          try (PreparedStatement insert = connection.prepareStatement(SEED)) {
            insert.setObject(1, provider(scene).value());
            insert.setString(2, merchant);
            insert.setObject(3, Columns.of(due));
            insert.setInt(4, count);
            return insert.executeUpdate();
          }
        });
  }
}
