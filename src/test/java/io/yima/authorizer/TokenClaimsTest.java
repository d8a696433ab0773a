package io.yima.authorizer;

import static io.yima.authorizer.Merchants.as;
import static io.yima.authorizer.Merchants.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.database.Columns;
import io.yima.database.WorkerDatabase;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Planner;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import io.yima.work.Lease;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** In which order a backlog is claimed. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class TokenClaimsTest {

  private static final Lease LEASE = new Lease(Duration.ofSeconds(30), Duration.ofSeconds(5));

  private static final String SEED_MERCHANTS =
      """
      insert into authorizer (provider_id, authorizer_appid, status, mini_program, permission_sets,
        authorized_at, version)
      select ?, ? || i, 'ACTIVE', false, '{1,46}', now(), 0 from generate_series(1, ?) i
      """;

  /** The first is due first; so far apart that nobody's turn is a matter of luck. */
  private static final String SEED_TOKENS =
      """
      insert into authorizer_token (provider_id, authorizer_appid, access_token_expires_at,
        next_refresh_at, last_used_at, in_use, bucket)
      select ?, ? || i, ?::timestamptz + i * interval '1 second',
        ?::timestamptz + i * interval '1 second', ?::timestamptz, ?, 0
      from generate_series(1, ?) i
      """;

  @Inject Merchants merchants;
  @Inject TokenClaims claims;
  @Inject TokenKeeper keeper;
  @Inject ArchivedTokens archived;
  @Inject WorkerDatabase database;
  @Inject SettableClock clock;

  private final ComponentApp app = ComponentApp.unheardOf();
  private final ComponentApp smallApp = ComponentApp.unheardOf();
  private ProviderId giant;
  private ProviderId small;

  @BeforeEach
  void alone() {
    forgetAll();
    giant = merchants.provider(app);
    small = merchants.provider(smallApp);
  }

  @AfterEach
  void leaveNothingToDo() {
    forgetAll();
    // Or reconciliation would ask about each of these merchants in other tests.
    merchants.archive(app);
    merchants.archive(smallApp);
  }

  @Test
  void one_providers_backlog_does_not_delay_anothers_ten() {
    seed(giant, "wxgiant", 3_000, ago(120), ago(90), null);
    seed(small, "wxsmall", 10, ago(1), ago(-20), null);

    List<AuthorizerId> first = new ArrayList<>();
    // A claim visits a hundred providers; those of other tests have nothing due.
    for (int claims = 0; claims <= activeProviders() / 100; claims++) {
      List<AuthorizerId> claimed = claim(100);
      assertThat(claimed).hasSize(100);
      first.addAll(claimed);
    }

    assertThat(first).hasSizeLessThan(2_000);
    assertThat(first).filteredOn(id -> id.provider().equals(small)).hasSize(10);
  }

  @Test
  void tokens_that_callers_asked_for_within_the_hour_come_first() {
    seed(giant, "wxidle", 3_000, ago(120), ago(90), null);
    seed(giant, "wxstale", 20, ago(120), ago(90), ago(70));
    seed(giant, "wxused", 20, ago(1), ago(-20), ago(10));

    assertThat(claim(25)).filteredOn(id -> id.authorizerAppid().startsWith("wxused")).hasSize(20);
  }

  @Test
  void what_expired_comes_before_what_is_refreshed_ahead_even_if_it_was_postponed() {
    seed(giant, "wxahead", 15, ago(60), ago(-20), null);
    seed(giant, "wxexpired", 5, ago(1), ago(30), null);

    assertThat(claim(10)).filteredOn(id -> id.authorizerAppid().startsWith("wxexpired")).hasSize(5);
  }

  @Test
  void everything_that_is_due_is_claimed_once_by_whoever_comes() throws Exception {
    seed(giant, "wxgiant", 700, ago(120), ago(90), null);
    seed(giant, "wxused", 100, ago(100), ago(90), ago(5));
    seed(small, "wxsmall", 10, ago(1), ago(1), null);

    List<AuthorizerId> claimed = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<AuthorizerId>>> nodes = new ArrayList<>();
      for (int node = 0; node < 4; node++) {
        nodes.add(threads.submit(this::claimAll));
      }
      for (Future<List<AuthorizerId>> node : nodes) {
        claimed.addAll(node.get());
      }
    }

    assertThat(claimed).hasSize(810).doesNotHaveDuplicates();
    assertThat(claim(100)).isEmpty();
  }

  @Test
  void an_archived_providers_backlog_stands_in_nobodys_way() {
    ComponentApp archived = ComponentApp.unheardOf();
    ProviderId left = merchants.provider(archived);
    seed(left, "wxleft", 500, ago(120), ago(90), ago(5));
    seed(small, "wxsmall", 10, ago(1), ago(1), null);
    merchants.archive(archived);

    assertThat(claim(100)).hasSize(10).allMatch(id -> id.provider().equals(small));
  }

  /** Longest due of all, and never refreshed: each claim would read past them. */
  @Test
  void a_claim_does_not_wade_through_what_archived_providers_left_due() throws Exception {
    ComponentApp leaving = ComponentApp.unheardOf();
    ProviderId left = merchants.provider(leaving);
    seed(left, "wxleft", 9_000, ago(300), ago(200), null);
    seed(left, "wxleftused", 1_500, ago(300), ago(200), ago(5));
    seed(small, "wxsmall", 150, ago(5), ago(1), null);
    merchants.archive(leaving);
    int wading = pagesOfOneClaim();

    assertThat(archived.leaveAlone()).isGreaterThanOrEqualTo(10_500);
    // The first claim that finds index entries dead marks them.
    pagesOfOneClaim();

    assertThat(pagesOfOneClaim()).isLessThan(2_500).isLessThan(wading / 2);
    assertThat(archived.leaveAlone()).isZero();
    assertThat(due(left)).isZero();
    assertThat(due(small)).isEqualTo(150);
  }

  /** As after an outage: what fell due was far away when PostgreSQL last looked. */
  @Test
  void a_claim_stays_cheap_when_statistics_say_that_nothing_is_due() throws Exception {
    seed(giant, "wxgiant", 10_000, ago(-600), ago(-700), null);
    seed(giant, "wxused", 1_000, ago(-600), ago(-700), ago(5));
    Planner.refreshStatistics("authorizer_token");
    update("update authorizer_token set next_refresh_at = next_refresh_at - interval '2 days'");

    assertThat(pagesOfOneClaim()).isLessThan(5_000);
  }

  @Test
  void a_token_is_in_use_from_the_first_caller_on_until_an_hour_without_any() {
    AuthorizerId merchant = merchants.authorized(giant, app);
    assertThat(inUse(merchant)).isFalse();

    as(app).get(path(merchant) + "/token").then().statusCode(200);
    await().until(() -> inUse(merchant));
    Time.passes(Duration.ofMinutes(105));
    keeper.refreshDue(500);

    assertThat(inUse(merchant)).isFalse();
    as(app).get(path(merchant) + "/token").then().statusCode(200);
    await().until(() -> inUse(merchant));
    as(app).post(path(merchant) + "/token/refresh").then().statusCode(200);
    assertThat(inUse(merchant)).isTrue();
  }

  @Test
  void a_token_that_is_asked_for_in_vain_is_in_use_too() {
    seed(giant, "wxlost", 1, ago(60), ago(30), null);
    AuthorizerId merchant = new AuthorizerId(giant, "wxlost1");

    assertThat(as(app).get(path(merchant) + "/token").statusCode()).isIn(409, 503);

    await().until(() -> inUse(merchant));
  }

  private List<AuthorizerId> claimAll() {
    List<AuthorizerId> all = new ArrayList<>();
    for (List<AuthorizerId> some = claim(50); !some.isEmpty(); some = claim(50)) {
      assertThat(some.size()).isLessThanOrEqualTo(50);
      all.addAll(some);
    }
    return all;
  }

  private List<AuthorizerId> claim(int limit) {
    return claims.due(clock.instant(), limit, LEASE).stream().map(ClaimedToken::id).toList();
  }

  private Instant ago(int minutes) {
    return clock.instant().minus(Duration.ofMinutes(minutes));
  }

  private void seed(
      ProviderId provider, String prefix, int count, Instant due, Instant expires, Instant used) {
    database.transaction(
        connection -> {
          try (PreparedStatement insert = connection.prepareStatement(SEED_MERCHANTS)) {
            insert.setObject(1, provider.value());
            insert.setString(2, prefix);
            insert.setInt(3, count);
            insert.executeUpdate();
          }
          try (PreparedStatement insert = connection.prepareStatement(SEED_TOKENS)) {
            insert.setObject(1, provider.value());
            insert.setString(2, prefix);
            insert.setObject(3, Columns.of(expires));
            insert.setObject(4, Columns.of(due));
            insert.setObject(5, Columns.of(used));
            insert.setBoolean(6, used != null);
            insert.setInt(7, count);
            return insert.executeUpdate();
          }
        });
  }

  private boolean inUse(AuthorizerId id) {
    return database.transaction(
        connection -> {
          String query =
              "select in_use from authorizer_token where provider_id = ? and authorizer_appid = ?";
          try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setObject(1, id.provider().value());
            select.setString(2, id.authorizerAppid());
            try (ResultSet row = select.executeQuery()) {
              return row.next() && row.getBoolean(1);
            }
          }
        });
  }

  /** A hundred rows are claimed, and free again afterwards. */
  private int pagesOfOneClaim() {
    int pages =
        database.transaction(
            connection ->
                Planner.pagesTouched(
                    connection,
                    TokenClaims.CLAIM_DUE,
                    claim -> TokenClaims.bind(claim, clock.instant(), 100, 0, "planner", LEASE),
                    100));
    update("update authorizer_token set lease_until = null where lease_owner = 'planner'");
    return pages;
  }

  private int due(ProviderId provider) {
    return database.transaction(
        connection -> {
          String query =
              "select count(*) from authorizer_token"
                  + " where provider_id = ? and next_refresh_at is not null";
          try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setObject(1, provider.value());
            try (ResultSet row = select.executeQuery()) {
              row.next();
              return row.getInt(1);
            }
          }
        });
  }

  private int activeProviders() {
    return database.transaction(
        connection -> {
          String query = "select count(*) from provider where status = 'ACTIVE'";
          try (PreparedStatement select = connection.prepareStatement(query);
              ResultSet row = select.executeQuery()) {
            row.next();
            return row.getInt(1);
          }
        });
  }

  /** Other tests' merchants, and those of the last one here. */
  private void forgetAll() {
    update("update authorizer_token set next_refresh_at = null where next_refresh_at is not null");
  }

  private void update(String statement) {
    database.transaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(statement)) {
            return update.executeUpdate();
          }
        });
  }
}
