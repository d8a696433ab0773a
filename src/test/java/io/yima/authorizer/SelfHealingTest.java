package io.yima.authorizer;

import static io.yima.authorizer.Merchants.as;
import static io.yima.authorizer.Merchants.path;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.authorizer.ReconcileFindings.Finding;
import io.yima.callback.ConnectedProviders;
import io.yima.database.WorkerDatabase;
import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.Sandbox;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import io.yima.work.Lease;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What comparisons with WeChat set right, and what no answer of WeChat's can spoil. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class SelfHealingTest {

  private static final String COMPONENT = "/cgi-bin/component/";
  private static final String REFRESH = COMPONENT + "api_authorizer_token";
  private static final String INFO = COMPONENT + "api_get_authorizer_info";
  private static final String LIST = COMPONENT + "api_get_authorizer_list";

  @Inject Merchants merchants;
  @Inject ConnectedProviders connected;
  @Inject Reconciler reconciler;
  @Inject ReconciliationRows reconciliations;
  @Inject TokenKeeper keeper;
  @Inject TokenReads reads;
  @Inject TokenSeals seals;
  @Inject WorkerDatabase database;
  @Inject MeterRegistry metrics;
  @Inject SettableClock clock;

  private final Sandbox sandbox = Sandbox.ofThisTest();
  private final ComponentApp app = ComponentApp.unheardOf();
  private ProviderId provider;

  @BeforeEach
  void register() {
    provider = merchants.provider(app);
  }

  @AfterEach
  void mend() {
    sandbox.clearFaults();
    merchants.archive(app);
  }

  @Test
  void a_comparison_goes_on_after_a_crash_and_odd_pages_lose_nobody() {
    // What other tests left due must not be counted.
    reconcileAll();
    for (int i = 0; i < 1_200; i++) {
      String appid = "wx%s%010d".formatted(app.appid().substring(2, 8), i);
      sandbox.account(Map.of("appid", appid, "nick_name", "老商户"));
      sandbox.authorize(app.appid(), appid, List.of(1, 46), false);
    }
    // Totals change from page to page; two entries are a hole and a duplicate.
    String first = "wx%s%010d".formatted(app.appid().substring(2, 8), 0);
    Map<String, Object> second = new HashMap<>();
    second.put("total_count", 700);
    second.put("/list/3", null);
    second.put("/list/5/authorizer_appid", first);
    answer(LIST, app.appid(), Map.of("total_count", 1));
    answer(LIST, app.appid(), second);
    answer(LIST, app.appid(), Map.of("total_count", 0));
    int asked = listed();
    begin();
    stepTo(500);
    // A node takes the next page and dies.
    assertThat(claimAndDie()).isEqualTo(500);
    run(
        "update reconciliation set lease_until = now() - interval '1 second' where provider_id = ?");

    reconcileAll();

    assertThat(listed() - asked).as("pages asked for").isEqualTo(3);
    assertThat(count("status = 'ACTIVE'")).isEqualTo(1_198);
    begin();
    reconcileAll();
    assertThat(count("status = 'ACTIVE'")).isEqualTo(1_200);
    Robustness.row(
        "Self-healing",
        "1,200 merchants in pages of 500 with a hole, a duplicate and changing totals, a node dying"
            + " between two pages",
        1,
        "each page asked for once; who was left out follows with the next comparison, nobody is"
            + " revoked");
  }

  @Test
  void a_refresh_token_that_is_gone_is_taken_from_the_list() {
    AuthorizerId merchant = merchants.authorized(provider, app);
    double before = counted(Finding.REFRESH_TOKEN_RECOVERED);
    run("update authorizer_token set refresh_token = null where provider_id = ?");

    begin();
    reconcileAll();

    assertThat(counted(Finding.REFRESH_TOKEN_RECOVERED)).isEqualTo(before + 1);
    refresh(merchant, 200);
  }

  @Test
  void a_refused_refresh_token_gets_the_listed_one_for_a_candidate() {
    AuthorizerId merchant = merchants.authorized(provider, app);
    sandbox.settings(Map.of("rotate", "always"));
    fault(REFRESH, merchant.authorizerAppid(), Map.of("kind", "lost_answer"), 1);
    refresh(merchant, 503);
    sandbox.settings(Map.of("rotate", "off"));
    // Whatever is asked about it one by one fails.
    fault(INFO, merchant.authorizerAppid(), Map.of("kind", "errcode", "errcode", -1), 99);
    refresh(merchant, 503);

    begin();
    reconcileAll();
    Time.passes(Duration.ofMinutes(20));
    keepAll();

    as(app).get(path(merchant)).then().body("token.state", equalTo("FRESH"));
  }

  @Test
  void what_no_push_told_is_found_and_told() {
    AuthorizerId gone = merchants.authorized(provider, app);
    AuthorizerId back = merchants.authorized(provider, app);
    AuthorizerId without46 = merchants.authorized(provider, app);
    sandbox.unauthorize(app.appid(), back.authorizerAppid(), false);
    refresh(back, 409);
    merchants.authorizedElsewhere(provider, app, back.authorizerAppid());
    sandbox.unauthorize(app.appid(), gone.authorizerAppid(), false);
    update(without46, List.of(1));
    String unknown = sandbox.serviceAccount("老商户");
    merchants.authorizedElsewhere(provider, app, unknown);
    Map<Finding, Double> before = counted();

    Time.passes(Duration.ofHours(7));
    sandbox.pushTicket(app.appid());
    connected.handlePushes();
    begin();
    reconcileAll();

    as(app).get(path(gone)).then().body("status", equalTo("REVOKED"));
    as(app).get(path(back)).then().body("status", equalTo("ACTIVE"));
    as(app)
        .get(path(without46))
        .then()
        .body("permission_sets.id", equalTo(List.of(1)))
        .body("marketing_codes", equalTo(false));
    as(app).get("/api/v1/authorizers/" + unknown).then().body("status", equalTo("ACTIVE"));
    for (Finding finding :
        List.of(
            Finding.REVOCATION_MISSED,
            Finding.AUTHORIZATION_RESTORED,
            Finding.MARKETING_CODES_WITHDRAWN,
            Finding.AUTHORIZATION_MISSED)) {
      assertThat(counted(finding)).as("%s", finding).isGreaterThan(before.get(finding));
    }

    update(without46, List.of(1, 46));
    Time.passes(Duration.ofHours(7));
    sandbox.pushTicket(app.appid());
    connected.handlePushes();
    begin();
    reconcileAll();
    as(app).get(path(without46)).then().body("marketing_codes", equalTo(true));
    assertThat(counted(Finding.MARKETING_CODES_GRANTED))
        .isGreaterThan(before.get(Finding.MARKETING_CODES_GRANTED));
  }

  @Test
  void an_error_or_nothing_in_an_answer_overwrites_nothing() {
    AuthorizerId merchant = merchants.authorized(provider, app);
    Map<String, List<String>> fields =
        Map.of(
            LIST,
            List.of(
                "",
                "/total_count",
                "/list",
                "/list/0",
                "/list/0/authorizer_appid",
                "/list/0/refresh_token",
                "/list/0/auth_time"),
            INFO,
            List.of(
                "",
                "/authorizer_info",
                "/authorizer_info/nick_name",
                "/authorizer_info/principal_name",
                "/authorizer_info/head_img",
                "/authorizer_info/user_name",
                "/authorizer_info/service_type_info",
                "/authorizer_info/service_type_info/id",
                "/authorizer_info/verify_type_info/id",
                "/authorizer_info/account_status",
                "/authorization_info",
                "/authorization_info/authorizer_appid",
                "/authorization_info/authorizer_refresh_token",
                "/authorization_info/func_info",
                "/authorization_info/func_info/1",
                "/authorization_info/func_info/1/funcscope_category",
                "/authorization_info/func_info/1/funcscope_category/id"),
            REFRESH,
            List.of("", "/authorizer_access_token", "/expires_in", "/authorizer_refresh_token"));
    Object[] nothings = {null, "", " ", List.of(), Map.of(), "(absent)"};
    int[] errors = {-1, 45009, 45011, 48001, 50002, 61003, 61004, 61007, 61023, 99_999};
    String held = held(merchant);
    long tried = 0;

    for (String api : List.of(LIST, INFO, REFRESH)) {
      String whose = api.equals(LIST) ? app.appid() : merchant.authorizerAppid();
      List<Map<String, ?>> spoilt = new ArrayList<>();
      for (int errcode : errors) {
        spoilt.add(Map.of("kind", "errcode", "errcode", errcode));
      }
      for (String field : fields.get(api)) {
        for (Object nothing : nothings) {
          // One permission set less is no hole but a change.
          if (!(field.endsWith("/func_info/1") && "(absent)".equals(nothing))) {
            spoilt.add(spoilt(field, nothing));
          }
        }
      }
      // A seeded half of it at once with what another interface says.
      SplittableRandom random = new SplittableRandom(20261125);
      for (Map<String, ?> how : spoilt) {
        fault(api, whose, how, 1);
        if (random.nextBoolean()) {
          fault(LIST, app.appid(), Map.of("kind", "errcode", "errcode", -1), 1);
        }
        run("update authorizer set profile_asked_at = null where provider_id = ?");
        Time.passes(Duration.ofSeconds(1));
        begin();
        reconcileAll();
        as(app).post(path(merchant) + "/token/refresh");

        assertThat(held(merchant)).as("%s %s", api, how).isEqualTo(held);
        as(app).get(path(merchant) + "/token").then().statusCode(200);
        sandbox.clearFaults();
        tried++;
      }
    }

    Time.passes(Duration.ofHours(2));
    sandbox.pushTicket(app.appid());
    connected.handlePushes();
    refresh(merchant, 200);
    Robustness.row(
        "Self-healing",
        "errors, nulls, blanks and holes in every field of WeChat's list, info and refresh answers",
        tried,
        "status, profile, permission sets and refresh token as before; the token stays valid");
  }

  @Test
  void a_merchant_of_two_providers_is_two_merchants() {
    ComponentApp other = ComponentApp.unheardOf();
    ProviderId otherProvider = merchants.provider(other);
    AuthorizerId here = merchants.authorized(provider, app);
    AuthorizerId there = new AuthorizerId(otherProvider, here.authorizerAppid());
    merchants.authorize(there, other, List.of(1, 46));
    Secret tokenThere = reads.current(there).orElseThrow().accessToken();
    assertThat(tokenThere).isNotEqualTo(reads.current(here).orElseThrow().accessToken());

    refresh(here, 200);
    assertThat(reads.current(there).orElseThrow().accessToken()).isEqualTo(tokenThere);

    sandbox.unauthorize(app.appid(), here.authorizerAppid(), false);
    Time.passes(Duration.ofSeconds(1));
    begin();
    as(other).post("/api/v1/authorizers/adopt").then().statusCode(202);
    reconcileAll();

    as(app).get(path(here)).then().body("status", equalTo("REVOKED"));
    as(other)
        .get(path(there))
        .then()
        .body("status", equalTo("ACTIVE"))
        .body("marketing_codes", equalTo(true));
    as(other).post(path(there) + "/token/refresh").then().statusCode(200);
    merchants.archive(other);
  }

  /** Takes the step that is due and never comes back. */
  private int claimAndDie() {
    return reconciliations
        .claim(clock.instant(), 1_000, new Lease(Duration.ofMillis(1), Duration.ZERO))
        .stream()
        .filter(claim -> claim.provider().equals(provider))
        .findFirst()
        .orElseThrow()
        .pageOffset();
  }

  /** Compares step by step until the next page begins here. */
  private void stepTo(int offset) {
    for (int step = 0; step < 1_000 && pageOffset() != offset; step++) {
      reconciler.runDue(1);
    }
  }

  private int pageOffset() {
    return ask("select page_offset from reconciliation where provider_id = ?");
  }

  private void begin() {
    Time.passes(Duration.ofMillis(10));
    as(app).post("/api/v1/authorizers/adopt").then().statusCode(202);
  }

  private void reconcileAll() {
    while (reconciler.runDue(10) > 0) {
      continue;
    }
  }

  private void keepAll() {
    while (keeper.refreshDue(500) > 0) {
      continue;
    }
  }

  private void refresh(AuthorizerId id, int status) {
    as(app).post(path(id) + "/token/refresh").then().statusCode(status);
  }

  private void update(AuthorizerId id, List<Integer> sets) {
    sandbox.control(
        "POST",
        "accounts/" + id.authorizerAppid() + "/update",
        Map.of("component_appid", app.appid(), "permission_sets", sets, "push", false));
  }

  private static Map<String, ?> spoilt(String field, Object nothing) {
    if (field.isEmpty()) {
      String body = nothing == null ? "null" : nothing.equals("(absent)") ? "" : "{}";
      return Map.of("kind", "answer", "body", body);
    }
    return "(absent)".equals(nothing)
        ? Map.of("kind", "answer", "remove", List.of(field))
        : Map.of("kind", "answer", "set", Collections.singletonMap(field, nothing));
  }

  private void answer(String path, String appid, Map<String, ?> set) {
    fault(path, appid, Map.of("kind", "answer", "set", set), 1);
  }

  private void fault(String path, String appid, Map<String, ?> how, int times) {
    Map<String, Object> rule = new HashMap<>(how);
    rule.put("path", path);
    rule.put("times", times);
    rule.put("appid", appid);
    sandbox.fault(rule);
  }

  /** How often WeChat was asked for its list. */
  private int listed() {
    Map<String, Integer> calls = sandbox.counters().getMap("calls");
    return calls.getOrDefault(LIST, 0);
  }

  private Map<Finding, Double> counted() {
    Map<Finding, Double> counted = new HashMap<>();
    for (Finding finding : Finding.values()) {
      counted.put(finding, counted(finding));
    }
    return counted;
  }

  private double counted(Finding finding) {
    return metrics
        .get("yima_reconcile_findings")
        .tag("finding", finding.name().toLowerCase(Locale.ROOT))
        .counter()
        .count();
  }

  /** All that is known of a merchant but times, attempts and its access token. */
  private String held(AuthorizerId id) {
    return database.transaction(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  """
                  select (to_jsonb(a) - 'version' - 'listed_at' - 'profile_asked_at')::text,
                    t.refresh_token
                  from authorizer a join authorizer_token t using (provider_id, authorizer_appid)
                  where a.provider_id = ? and a.authorizer_appid = ?
                  """)) {
            select.setObject(1, id.provider().value());
            select.setString(2, id.authorizerAppid());
            try (ResultSet row = select.executeQuery()) {
              row.next();
              Secret refreshToken = seals.openRefresh(id, row.getBytes(2));
              return row.getString(1) + (refreshToken == null ? "" : refreshToken.reveal());
            }
          }
        });
  }

  private int count(String condition) {
    return ask("select count(*) from authorizer where provider_id = ? and " + condition);
  }

  private int ask(String sql) {
    return database.transaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(sql)) {
            select.setObject(1, provider.value());
            try (ResultSet row = select.executeQuery()) {
              row.next();
              return row.getInt(1);
            }
          }
        });
  }

  private void run(String sql) {
    database.transaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(sql)) {
            update.setObject(1, provider.value());
            return update.executeUpdate();
          }
        });
  }
}
