package io.yima.authorizer;

import static io.yima.authorizer.Merchants.as;
import static io.yima.authorizer.Merchants.path;
import static io.yima.authorizer.Merchants.refreshCalls;
import static io.yima.authorizer.Merchants.soon;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.yima.authorizer.TokenNodes.Surroundings;
import io.yima.database.DatabaseFailed;
import io.yima.database.RewrittenStatements;
import io.yima.database.WorkerDatabase;
import io.yima.provider.TokenLease;
import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Sandbox;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import io.yima.wechat.Failure.RejectedToken;
import io.yima.wechat.Failure.TokenRejected;
import io.yima.wechat.WeChatError;
import io.yima.wechat.WeChatResult;
import io.yima.wechat.WeChatResult.Failed;
import io.yima.wechat.WeChatResult.Success;
import io.yima.work.Lease;
import io.yima.work.Node;
import io.yima.work.WorkFigures;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class TokenKeeperTest {

  private static final String REFRESH = "/cgi-bin/component/api_authorizer_token";
  private static final String INFO = "/cgi-bin/component/api_get_authorizer_info";
  private static final String LIST = "/cgi-bin/component/api_get_authorizer_list";

  @Inject Merchants merchants;
  @Inject TokenKeeper keeper;
  @Inject TokenClaims claims;
  @Inject TokenRenewal renewal;
  @Inject TokenReads reads;
  @Inject TokenWrites writes;
  @Inject AuthorizerTokens tokens;
  @Inject Authorizations authorizations;
  @Inject RefreshNow refreshNow;
  @Inject WorkerDatabase database;
  @Inject ProviderTransactions transactions;
  @Inject TokenLease tokenLease;
  @Inject WorkFigures figures;
  @Inject SettableClock clock;
  @Inject TokenNodes nodes;
  @Inject RewrittenStatements rewritten;

  private final Sandbox sandbox = Sandbox.ofThisTest();
  private final ComponentApp app = ComponentApp.unheardOf();
  private ProviderId provider;
  private AuthorizerId merchant;

  @BeforeEach
  void authorize() {
    provider = merchants.provider(app);
    merchant = merchants.authorized(provider, app);
  }

  @AfterEach
  void mend() {
    sandbox.clearFaults();
    sandbox.settings(Map.of("rotate", "off"));
  }

  @Test
  void a_token_is_refreshed_ahead_of_time_and_only_once() {
    String before = token();
    keepAll();
    assertThat(token()).isEqualTo(before);

    Time.passes(Duration.ofMinutes(105));
    keepAll();
    keepAll();

    assertThat(token()).isNotEqualTo(before);
    assertThat(refreshCalls(app, merchant)).isEqualTo(1);
    as(app).get(path(merchant)).then().body("token.state", equalTo("FRESH"));
  }

  @Test
  void a_failing_refresh_waits_and_the_valid_token_stays_served() {
    String before = token();
    fault(REFRESH, -1, 5);
    Time.passes(Duration.ofMinutes(105));
    keepAll();

    as(app)
        .get(path(merchant))
        .then()
        .body("token.state", equalTo("FAILING"))
        .body("token.attempts", equalTo(1))
        .body("token.last_error.errcode", equalTo(-1));
    assertThat(token()).isEqualTo(before);
  }

  @Test
  void however_often_somebody_asks_in_an_outage_the_keeper_comes_back_as_soon_as_without() {
    fault(REFRESH, -1, 1_000);
    Time.passes(Duration.ofMinutes(125));
    keepAll();
    for (int i = 0; i < 15; i++) {
      refresh().then().statusCode(503);
    }
    sandbox.clearFaults();

    Time.passes(Duration.ofMinutes(1));
    keepAll();

    assertThat(token()).isNotEmpty();
  }

  @Test
  void a_rotated_refresh_token_whose_answer_was_lost_is_found_again() {
    sandbox.settings(Map.of("rotate", "always"));
    sandbox.fault(
        Map.of(
            "path",
            REFRESH,
            "kind",
            "lost_answer",
            "appid",
            merchant.authorizerAppid(),
            "times",
            1));
    refresh().then().statusCode(503).body("code", equalTo("token_unavailable"));

    refresh().then().statusCode(200).body("refreshed", equalTo(true));
    refresh().then().statusCode(200).body("refreshed", equalTo(true));
  }

  @Test
  void while_wechat_may_still_be_at_work_on_a_refresh_nobody_asks_beside_it() {
    sandbox.fault(
        Map.of(
            "path",
            REFRESH,
            "kind",
            "delay",
            "delay_ms",
            8_000,
            "appid",
            merchant.authorizerAppid(),
            "times",
            1));
    refresh().then().statusCode(503);

    Time.passes(Duration.ofMinutes(20));
    keepAll();

    assertThat(refreshCalls(app, merchant)).isEqualTo(1);
    assertThat(sandbox.counters().getList("overlaps", String.class))
        .noneMatch(overlap -> overlap.contains(merchant.authorizerAppid()));
    as(app).get(path(merchant)).then().body("token.last_error.code", equalTo("outcome_unknown"));
  }

  @Test
  void one_61003_revokes_nobody() {
    fault(REFRESH, 61003, 1);

    refresh().then().statusCode(503);

    assertThat(status()).isEqualTo("ACTIVE");
  }

  @Test
  void one_61023_of_a_refresh_token_that_wechat_still_tells_gives_nobody_up() {
    fault(REFRESH, 61023, 1);

    refresh().then().statusCode(200).body("refreshed", equalTo(true));

    assertThat(status()).isEqualTo("ACTIVE");
  }

  @Test
  void a_second_answer_that_agrees_revokes() {
    sandbox.unauthorize(app.appid(), merchant.authorizerAppid(), false);

    refresh().then().statusCode(409).body("code", equalTo("authorizer_revoked"));

    assertThat(status()).isEqualTo("REVOKED");
    as(app).get(path(merchant) + "/token").then().statusCode(409);
  }

  @Test
  void a_candidate_is_tried_before_anything_is_given_up() {
    writes.keepCandidate(merchant, Secret.of("refreshtoken@@@candidate"), clock.instant());
    fault(REFRESH, 61023, 1);
    int before = refreshCalls(app, merchant);

    // The stored one is refused by the fault, then the candidate in earnest; WeChat still tells the
    // stored one, which is tried once more.
    refresh().then().statusCode(200);

    assertThat(refreshCalls(app, merchant)).isEqualTo(before + 3);
  }

  @Test
  void of_refresh_tokens_that_come_late_the_one_asked_for_last_stays() {
    Instant asked = clock.instant();
    writes.keepCandidate(merchant, Secret.of("refreshtoken@@@first"), asked);
    writes.keepCandidate(merchant, Secret.of("refreshtoken@@@last"), asked.plusSeconds(2));
    writes.keepCandidate(merchant, Secret.of("refreshtoken@@@between"), asked.plusSeconds(1));

    assertThat(candidate()).isEqualTo("refreshtoken@@@last");
  }

  /** As a node leaves it that dies between the two. */
  @Test
  void a_merchant_that_was_given_up_works_again_with_its_token_or_not_at_all() {
    sandbox.unauthorize(app.appid(), merchant.authorizerAppid(), false);
    refresh().then().statusCode(409);
    MoodyWeChat weChat = new MoodyWeChat();
    weChat.authorize(merchant.authorizerAppid());
    AtomicBoolean used = new AtomicBoolean();
    Surroundings failing =
        new Surroundings(
            rewritten.with("set status = 'ACTIVE'", "set status = 'BROKEN'", used), weChat, clock);
    TokenWrites failingWrites = nodes.writes(failing);

    assertThatThrownBy(() -> nodes.start(failing, failingWrites).refreshNow().tryAgain(merchant))
        .isInstanceOf(DatabaseFailed.class);

    failingWrites.stop();
    assertThat(used).isTrue();
    StoredToken stored = reads.current(merchant).orElseThrow();
    assertThat(stored.status()).isEqualTo(AuthorizerStatus.REVOKED);
    assertThat(stored.accessToken()).isNull();
    assertThat(stored.nextRefreshAt()).isNull();
  }

  @Test
  void who_is_given_up_although_its_token_is_due_works_again_with_the_next_one() {
    database.transaction(
        connection -> {
          String update =
              "update authorizer set status = 'REAUTHORIZATION_REQUIRED'"
                  + " where provider_id = ? and authorizer_appid = ?";
          try (PreparedStatement statement = connection.prepareStatement(update)) {
            statement.setObject(1, provider.value());
            statement.setString(2, merchant.authorizerAppid());
            return statement.executeUpdate();
          }
        });

    Time.passes(Duration.ofMinutes(105));
    keepAll();

    assertThat(status()).isEqualTo("ACTIVE");
    assertThat(token()).isNotEmpty();
  }

  @Test
  void without_any_refresh_token_that_works_the_merchant_must_authorize_again() {
    fault(REFRESH, 61023, 10);

    refresh().then().statusCode(409).body("code", equalTo("reauthorization_required"));

    sandbox.clearFaults();
    merchants.authorize(merchant, app, List.of(1, 46));
    assertThat(status()).isEqualTo("ACTIVE");
    refresh().then().statusCode(200);
  }

  @Test
  void while_neither_info_nor_list_answers_nothing_is_given_up() {
    fault(REFRESH, 61023, 10);
    fault(INFO, -1, 10);
    fault(LIST, -1, 10);

    refresh().then().statusCode(503).body("wechat.errcode", equalTo(-1));

    assertThat(status()).isEqualTo("ACTIVE");
  }

  @Test
  void an_authorization_during_a_refresh_wins() {
    StoredToken stored = reads.current(merchant).orElseThrow();
    ClaimedToken claim = claims.one(merchant, stored.generation(), lease()).orElseThrow();
    merchants.authorize(merchant, app, List.of(1, 46));
    String authorized = token();

    renewal.renew(claim, soon());

    assertThat(token()).isEqualTo(authorized);
  }

  @Test
  void a_late_failure_of_an_old_token_spares_a_newer_one() {
    Secret old = reads.current(merchant).orElseThrow().accessToken();
    List<Secret> used = new ArrayList<>();

    WeChatResult<String> result =
        tokens.call(
            merchant,
            soon(),
            token -> {
              used.add(token);
              if (token.equals(old)) {
                refresh().then().statusCode(200);
                return new Failed<>(
                    new TokenRejected(
                        new WeChatError("applycode", 40001, "stale", null),
                        RejectedToken.AUTHORIZER));
              }
              return new Success<>("done");
            });

    assertThat(result).isEqualTo(new Success<>("done"));
    assertThat(used).hasSize(2);
    assertThat(refreshCalls(app, merchant)).isEqualTo(1);
  }

  @Test
  void twenty_forced_refreshes_at_once_are_one_call() throws Exception {
    String current = token();
    slowly(REFRESH);

    List<Response> answers = twentyForce(current, () -> {});

    assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
    assertThat(refreshCalls(app, merchant)).isEqualTo(1);
  }

  @Test
  void twenty_forced_refreshes_at_once_on_two_nodes_are_one_call() throws Exception {
    Secret current = reads.current(merchant).orElseThrow().accessToken();
    RefreshNow otherNode =
        new RefreshNow(
            reads,
            new TokenClaims(database, transactions, new Node()),
            renewal,
            tokenLease,
            figures,
            clock);
    sandbox.fault(
        Map.of(
            "path",
            REFRESH,
            "kind",
            "delay",
            "delay_ms",
            1500,
            "appid",
            merchant.authorizerAppid(),
            "times",
            1));

    List<FreshToken> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<FreshToken>> asked = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        RefreshNow node = i % 2 == 0 ? refreshNow : otherNode;
        asked.add(threads.submit(() -> node.otherThan(merchant, current, soon())));
      }
      for (Future<FreshToken> answer : asked) {
        answers.add(answer.get());
      }
    }

    Secret fresh = reads.current(merchant).orElseThrow().accessToken();
    assertThat(fresh).isNotEqualTo(current);
    assertThat(answers)
        .allSatisfy(
            answer ->
                assertThat(answer)
                    .isInstanceOfSatisfying(
                        FreshToken.Valid.class,
                        valid -> assertThat(valid.token()).isEqualTo(fresh)));
    assertThat(refreshCalls(app, merchant)).isEqualTo(1);
  }

  @Test
  void the_keeper_and_those_who_force_a_refresh_at_once_make_one_call() throws Exception {
    String current = token();
    Time.passes(Duration.ofMinutes(105));
    slowly(REFRESH);

    List<Response> answers = twentyForce(current, () -> keeper.refreshDue(500));

    assertThat(answers).allMatch(answer -> answer.statusCode() == 200);
    assertThat(token()).isNotEqualTo(current);
    assertThat(refreshCalls(app, merchant)).isEqualTo(1);
  }

  /** The next call about this merchant takes its time. */
  private void slowly(String path) {
    sandbox.fault(
        Map.of(
            "path",
            path,
            "kind",
            "delay",
            "delay_ms",
            1500,
            "appid",
            merchant.authorizerAppid(),
            "times",
            1));
  }

  /** Twenty callers who have this token want another at once, each beside something else. */
  private List<Response> twentyForce(String current, Runnable beside) throws Exception {
    List<Response> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Response>> asked = new ArrayList<>();
      for (int i = 0; i < 20; i++) {
        asked.add(
            threads.submit(
                () ->
                    as(app)
                        .body(Map.of("if_token", current))
                        .post(path(merchant) + "/token/refresh")));
        threads.submit(beside);
      }
      for (Future<Response> answer : asked) {
        answers.add(answer.get());
      }
    }
    return answers;
  }

  @Test
  void while_a_refresh_is_under_way_the_valid_token_is_served() {
    String current = token();
    Time.passes(Duration.ofMinutes(105));
    assertThat(claims.due(clock.instant(), 1_000, lease()))
        .anyMatch(claim -> claim.id().equals(merchant));

    assertThat(token()).isEqualTo(current);

    claims.giveBack();
    keepAll();
    assertThat(token()).isNotEqualTo(current);
  }

  @Test
  void two_claimers_never_claim_the_same_row() throws Exception {
    for (int i = 0; i < 10; i++) {
      merchants.authorized(provider, app);
    }
    Time.passes(Duration.ofMinutes(110));

    List<AuthorizerId> claimed = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<ClaimedToken>>> claiming = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        claiming.add(threads.submit(() -> claims.due(clock.instant(), 1_000, lease())));
      }
      for (Future<List<ClaimedToken>> some : claiming) {
        some.get().forEach(claim -> claimed.add(claim.id()));
      }
    }
    claims.giveBack();

    assertThat(claimed).contains(merchant);
    assertThat(new HashSet<>(claimed)).hasSameSizeAs(claimed);
  }

  @Test
  void an_older_withdrawal_does_not_end_a_newer_authorization() {
    long now = clock.instant().getEpochSecond();

    authorizations.withdrawn(merchant, now - 3_600, soon());
    authorizations.withdrawn(merchant, now, soon());
    assertThat(status()).isEqualTo("ACTIVE");

    sandbox.unauthorize(app.appid(), merchant.authorizerAppid(), false);
    authorizations.withdrawn(merchant, now, soon());
    assertThat(status()).isEqualTo("REVOKED");
  }

  private Response refresh() {
    return as(app).post(path(merchant) + "/token/refresh");
  }

  private String token() {
    return as(app)
        .get(path(merchant) + "/token")
        .then()
        .statusCode(200)
        .extract()
        .path("access_token");
  }

  private String candidate() {
    return new TokenRows(database, nodes.seals(), provider)
        .read(List.of(merchant.authorizerAppid()))
        .get(merchant.authorizerAppid())
        .candidate();
  }

  private String status() {
    return as(app).get(path(merchant)).then().statusCode(200).extract().path("status");
  }

  private void fault(String path, int errcode, int times) {
    sandbox.fault(
        Map.of(
            "path", path,
            "kind", "errcode",
            "errcode", errcode,
            "appid", path.equals(LIST) ? app.appid() : merchant.authorizerAppid(),
            "times", times));
  }

  private void keepAll() {
    while (keeper.refreshDue(500) > 0) {
      continue;
    }
  }

  private static Lease lease() {
    return new Lease(Duration.ofSeconds(30), Duration.ofSeconds(5));
  }
}
