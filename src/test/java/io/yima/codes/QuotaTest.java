package io.yima.codes;

import static io.yima.codes.OrderScene.errcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.yima.database.WorkerDatabase;
import io.yima.quota.ApiQuotas;
import io.yima.quota.CountedApis;
import io.yima.quota.CountedCall;
import io.yima.quota.Grant;
import io.yima.quota.QuotaChange;
import io.yima.quota.QuotaChanges;
import io.yima.quota.ShanghaiDay;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderDirectory;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.Metrics;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.Time;
import io.yima.testsupport.Window;
import io.yima.testsupport.YimaTestResource;
import io.yima.wechat.ApiQuota;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.Urgency;
import io.yima.wechat.WeChatError;
import io.yima.wechat.WeChatResult;
import io.yima.work.Lease;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How often WeChat is called a day for a merchant, and what happens when it says: no more. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class QuotaTest {

  private static final String GET_QUOTA = "/cgi-bin/openapi/quota/get";
  private static final List<String> INTERFACES =
      List.of(
          path("applycode"),
          path("applycodedownload"),
          path("applycodequery"),
          path("codeactive"),
          path("codeactivequery"),
          path("tickettocode"));

  private static final String APPLY = "apis[0].";
  private static final String QUERY = "apis[2].";
  private static final long AS_GOOD_AS_NO_LIMIT = 1_000_000;
  private static final Lease LEASE = new Lease(Duration.ofSeconds(30), Duration.ofSeconds(5));

  @Inject WorkerDatabase database;
  @Inject ProviderDirectory directory;
  @Inject ApplicationCalls calls;
  @Inject TurnWriter writer;
  @Inject MeterRegistry metrics;
  @Inject Clock clock;

  private OrderScene scene;
  private String merchant;
  private OrderRows rows;

  /** Some hours before a day ends in Shanghai, so that none ends where a test does not say so. */
  @BeforeEach
  void open() {
    Time.agree();
    Duration left = untilMidnight();
    if (left.toHours() < 2 || left.toHours() > 10) {
      Time.passes(left.plusHours(left.toHours() < 4 ? 20 : -4));
    }
    letAllBeAskedAtOnce();
    scene = OrderScene.open();
    scene.sandbox.settings(Map.of("init_time", "PT1H"));
    merchant = scene.merchant();
    rows = new OrderRows(database, provider());
    rows.forgetAll();
  }

  /** WeChat failed in other tests, so that only a few calls may be under way, until it copes. */
  private void letAllBeAskedAtOnce() {
    if (callsAtOnce() < INTERFACES.size()) {
      OrderScene other = OrderScene.open();
      String quota = "/api/v1/authorizers/" + other.merchant() + "/quota";
      await()
          .until(
              () -> {
                other.get(quota);
                return callsAtOnce() >= INTERFACES.size();
              });
    }
  }

  private double callsAtOnce() {
    return metrics.get("yima_wechat_in_flight_limit").gauge().value();
  }

  @AfterEach
  void mend() {
    scene.sandbox.settings(Map.of("daily_limit", AS_GOOD_AS_NO_LIMIT, "init_time", "PT7S"));
    scene.sandbox.clearFaults();
    rows.forgetAll();
  }

  @Test
  void calls_are_counted_by_merchant_and_interface_as_wechat_counts_them() {
    String other = scene.merchant();
    scene.order(merchant, "order-1").statusCode(201);
    scene.order(merchant, "order-2").statusCode(201);
    scene.order(other, "order-1").statusCode(201);
    Time.passes(Duration.ofSeconds(10));
    OrderScene.syncDue();
    scene.post(merchant, "order-1", "sync").statusCode(200);

    quota(merchant)
        .statusCode(200)
        .body("authorizer_appid", equalTo(merchant))
        .body("day", equalTo(ShanghaiDay.of(clock.instant()).toString()))
        .body("apis.cgi_path", equalTo(INTERFACES))
        .body(APPLY + "calls", equalTo(2))
        .body(APPLY + "used", equalTo(2))
        .body(APPLY + "daily_limit", equalTo(1_000_000))
        .body(APPLY + "remain", equalTo(999_998))
        .body(APPLY + "parked_until", nullValue())
        .body(APPLY + "slowed_until", nullValue())
        .body(APPLY + "wechat", nullValue())
        .body(QUERY + "calls", equalTo(3))
        .body(QUERY + "used", equalTo(3));
    quota(other).body(APPLY + "calls", equalTo(1)).body(QUERY + "calls", equalTo(1));
  }

  @Test
  void a_call_that_is_repeated_with_another_token_is_two() {
    scene.applyFails(errcode(40001), 1);

    scene.order(merchant, "order-1").statusCode(201);

    assertThat(calls("applycode")).isEqualTo(2);
  }

  @Test
  void the_count_begins_anew_at_midnight_in_shanghai() {
    scene.order(merchant, "order-1").statusCode(201);
    Time.passes(untilMidnight().minusSeconds(30));
    quota(merchant).body(APPLY + "calls", equalTo(1)).body(APPLY + "used", equalTo(1));
    String day = quota(merchant).extract().path("day");

    Time.passes(Duration.ofMinutes(2));

    quota(merchant).body(APPLY + "calls", equalTo(0)).body(APPLY + "used", equalTo(0));
    assertThat(quota(merchant).extract().<String>path("day")).isGreaterThan(day);
    scene.order(merchant, "order-2").statusCode(201);
    quota(merchant).body(APPLY + "calls", equalTo(1)).body(APPLY + "used", equalTo(1));
  }

  @Test
  void a_used_up_quota_parks_one_interface_of_one_merchant_until_the_next_day() {
    String other = scene.merchant();
    scene.sandbox.settings(Map.of("daily_limit", 2));
    scene.order(merchant, "order-1").statusCode(201);
    scene.order(merchant, "order-2").statusCode(201);

    scene
        .order(merchant, "order-3")
        .statusCode(202)
        .body("last_error.code", equalTo("quota_exhausted"))
        .body("last_error.errcode", equalTo(45009));

    Instant midnight = Window.midnight(clock.instant());
    scene.order(merchant, "order-4").statusCode(429).header("Retry-After", notNullValue());
    scene.order(other, "order-1").statusCode(201);
    scene.post(merchant, "order-1", "sync").statusCode(200).body("last_error", nullValue());
    quota(merchant)
        .body(APPLY + "parked_until", equalTo(midnight.toString()))
        .body(APPLY + "remain", equalTo(0))
        .body(QUERY + "parked_until", nullValue());
    quota(other).body(APPLY + "parked_until", nullValue());

    Time.passes(untilMidnight().plusMinutes(6));
    scene.sandbox.pushTicket(scene.app.appid());
    OrderScene.runDue();
    OrderScene.runDue();
    scene.application(merchant, "order-3").body("state", equalTo("SUBMITTED"));
  }

  /** Somebody cleared it, or WeChat raised it. */
  @Test
  void a_quota_of_which_something_is_left_is_not_used_up() {
    scene.applyFails(errcode(45009), 1);
    scene.order(merchant, "order-1").statusCode(202);
    scene.order(merchant, "order-2").statusCode(429);

    quota(merchant).statusCode(200).body(APPLY + "parked_until", nullValue());

    scene.order(merchant, "order-2").statusCode(201);
  }

  @Test
  void calls_that_are_too_frequent_pause_longer_each_time_and_people_go_on() {
    String other = scene.merchant();
    scene.order(merchant, "order-1").statusCode(201);
    scene.order(other, "order-1").statusCode(201);
    Time.passes(Duration.ofSeconds(6));
    scene.fault(path("applycodequery"), tooFrequent(), 1);
    OrderScene.syncDue();

    assertThat(pause()).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
    scene.application(other, "order-1").body("last_error", nullValue());
    scene.order(merchant, "order-2").statusCode(201);

    int asked = asked(merchant, "order-1");
    rows.pin(key(merchant, "order-1"), clock.instant());
    OrderScene.syncDue();
    scene.application(merchant, "order-1").body("last_error.code", equalTo("rate_limited"));
    assertThat(asked(merchant, "order-1")).isEqualTo(asked);
    Instant next =
        Instant.parse(scene.application(merchant, "order-1").extract().path("next_sync_at"));
    assertThat(next).isAfter(clock.instant().plusSeconds(20));

    scene.post(merchant, "order-1", "sync").statusCode(200).body("last_error", nullValue());
    assertThat(asked(merchant, "order-1")).isEqualTo(asked + 1);

    Time.passes(Duration.ofSeconds(40));
    rows.pin(key(merchant, "order-1"), clock.instant());
    scene.fault(path("applycodequery"), tooFrequent(), 1);
    OrderScene.syncDue();
    assertThat(pause()).isBetween(Duration.ofSeconds(40), Duration.ofSeconds(60));

    Time.passes(Duration.ofMinutes(12));
    rows.pin(key(merchant, "order-1"), clock.instant());
    scene.fault(path("applycodequery"), tooFrequent(), 1);
    OrderScene.syncDue();
    assertThat(pause()).isBetween(Duration.ofSeconds(15), Duration.ofSeconds(30));
  }

  @Test
  void what_is_left_at_the_end_is_kept_for_people() {
    double reserved = reserved();
    for (String id : List.of("order-1", "order-2", "order-3")) {
      scene.order(merchant, id).statusCode(201);
    }
    scene.sandbox.settings(Map.of("daily_limit", 10));
    quota(merchant).body(QUERY + "daily_limit", equalTo(10));
    counted("applycodequery", 8);

    Time.passes(Duration.ofSeconds(6));
    OrderScene.syncDue();

    assertThat(calls("applycodequery")).isEqualTo(9);
    assertThat(reserved()).isEqualTo(reserved + 2);
    List<String> waiting =
        scene
            .get(OrderScene.applications(merchant))
            .extract()
            .path("items.findAll { it.last_error?.code == 'quota_reserved' }.isv_application_id");
    assertThat(waiting).hasSize(2);
    scene
        .application(merchant, waiting.getFirst())
        .body("stuck", equalTo(false))
        .body("last_error.remedy", notNullValue());
    scene
        .post(merchant, waiting.getFirst(), "sync")
        .statusCode(200)
        .body("last_error", nullValue());
    assertThat(calls("applycodequery")).isEqualTo(10);
  }

  /** The quota is the merchant's own, whichever platforms call for it. */
  @Test
  void what_others_use_of_the_quota_counts_too() {
    scene.order(merchant, "order-1").statusCode(201);
    for (int i = 0; i < 9; i++) {
      scene.post(merchant, "order-1", "sync").statusCode(200);
    }
    counted("applycodequery", 1);
    scene.sandbox.settings(Map.of("daily_limit", 10));
    quota(merchant).body(QUERY + "calls", equalTo(1)).body(QUERY + "used", equalTo(9));

    rows.pin(key(merchant, "order-1"), clock.instant());
    OrderScene.syncDue();

    scene.application(merchant, "order-1").body("last_error.code", equalTo("quota_reserved"));
  }

  @Test
  void a_quota_is_kept_however_many_claim_at_once() throws Exception {
    for (int i = 0; i < 40; i++) {
      scene.order(merchant, "order-" + i).statusCode(201);
    }
    quota(merchant).statusCode(200);
    counted("applycodequery", 0);
    limited("applycodequery", 30);
    Time.passes(Duration.ofSeconds(6));

    List<Claimed> claimed = new ArrayList<>();
    try (ExecutorService nodes = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<Claimed>>> all = new ArrayList<>();
      for (int node = 0; node < 4; node++) {
        all.add(nodes.submit(() -> claimAll(0.9)));
      }
      for (Future<List<Claimed>> one : all) {
        claimed.addAll(one.get());
      }
    }

    assertThat(claimed).hasSize(40);
    assertThat(claimed)
        .filteredOn(one -> one.clearance().grant().verdict() == Grant.Verdict.GRANTED)
        .hasSize(27);
    assertThat(calls("applycodequery")).isEqualTo(27);
    Robustness.row(
        "Quota", "40 questions, due at once, to four who claim, of a quota for 27", 40, "27 calls");
  }

  @Test
  void a_node_that_dies_has_counted_too_many_and_never_too_few() {
    scene.order(merchant, "order-1").statusCode(201);
    Time.passes(Duration.ofSeconds(6));
    assertThat(claim(500, 1)).hasSize(1);
    rows.endLease(key(merchant, "order-1"));

    OrderScene.syncDue();

    quota(merchant).body(QUERY + "calls", equalTo(2)).body(QUERY + "used", equalTo(1));
  }

  /** The database committed and its answer to that was lost: the recorder writes once more. */
  @Test
  void a_call_that_never_left_is_given_back_once() {
    scene.order(merchant, "order-1").statusCode(201);
    scene.post(merchant, "order-1", "sync").statusCode(200);
    Time.passes(Duration.ofSeconds(6));
    List<Turn> turns =
        claim(500, 1).stream()
            .map(one -> calls.take(one, Deadline.in(Duration.ZERO, Urgency.SYNC)))
            .toList();
    assertThat(turns).hasSize(1);
    assertThat(calls("applycodequery")).isEqualTo(2);

    writer.writeAll(turns);
    writer.writeAll(turns);

    assertThat(calls("applycodequery")).isEqualTo(1);
  }

  /** The late one's node went on after its lease had ended, and claimed it once more. */
  @Test
  void of_two_turns_about_one_application_only_that_of_the_last_claim_is_written() {
    scene.order(merchant, "order-1").statusCode(201);
    Time.passes(Duration.ofSeconds(6));
    List<Turn> turns = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      CodeApplication row = claim(500, 1).getFirst().row();
      turns.add(Turn.of(row, row.progress(), "turn " + i));
      rows.endLease(key(merchant, "order-1"));
    }

    assertThat(writer.writeAll(turns)).extracting(Turn::outcome).containsExactly("turn 1");
  }

  @Test
  void what_wechat_refuses_to_tell_stands_beside_what_we_counted() {
    scene.order(merchant, "order-1").statusCode(201);
    scene.fault(GET_QUOTA, errcode(76021), INTERFACES.size());

    quota(merchant)
        .statusCode(200)
        .body(APPLY + "calls", equalTo(1))
        .body(APPLY + "daily_limit", nullValue())
        .body(APPLY + "used", nullValue())
        .body(APPLY + "remain", nullValue())
        .body(APPLY + "wechat.errcode", equalTo(76021))
        .body(APPLY + "wechat.rid", equalTo("6-abc-def"));
  }

  @Test
  void answers_that_make_no_sense_change_nothing() {
    quota(merchant).statusCode(200);
    int tried = 0;
    for (String body :
        List.of(
            "",
            "{}",
            "[]",
            "{\"errcode\":0}",
            "{\"quota\":null}",
            "{\"quota\":[]}",
            "{\"quota\":7}",
            "{\"quota\":{}}",
            "{\"quota\":{\"daily_limit\":-1,\"used\":0,\"remain\":0}}",
            "{\"quota\":{\"daily_limit\":\"many\"}}",
            "{\"quota\":{\"daily_limit\":1.5}}",
            "{\"quota\":{\"daily_limit\":99999999999999999999}}",
            "{\"quota\":{\"daily_limit\":10")) {
      scene.fault(GET_QUOTA, Map.of("kind", "answer", "body", body), INTERFACES.size());
      quota(merchant)
          .statusCode(503)
          .header("Retry-After", notNullValue())
          .body("code", equalTo("wechat_unavailable"));
      scene.sandbox.clearFaults();
      assertThat(limit("applycode")).as(body).isEqualTo(AS_GOOD_AS_NO_LIMIT);
      tried++;
    }
    for (String body :
        List.of(
            "{\"quota\":{\"daily_limit\":9223372036854775807,\"used\":9223372036854775807}}",
            "{\"quota\":{\"daily_limit\":0,\"used\":-3,\"remain\":\"none\"}}")) {
      scene.fault(GET_QUOTA, Map.of("kind", "answer", "body", body), INTERFACES.size());
      quota(merchant).statusCode(200).body(APPLY + "remain", nullValue());
      scene.sandbox.clearFaults();
      assertThat(limit("applycode")).as(body).isEqualTo(AS_GOOD_AS_NO_LIMIT);
      tried++;
    }
    Robustness.row(
        "Quota", "answers about quotas that are damaged or nonsense", tried, "nothing stored");
  }

  @Test
  void a_wechat_that_does_not_answer_is_told() {
    scene.fault(GET_QUOTA, Map.of("kind", "reset"), 1);

    quota(merchant).statusCode(503).body("code", equalTo("wechat_unavailable"));
  }

  @Test
  void only_ones_own_merchants_who_are_still_there_are_told_of() {
    OrderScene stranger = OrderScene.open();
    stranger
        .get("/api/v1/authorizers/" + merchant + "/quota")
        .statusCode(404)
        .body("code", equalTo("authorizer_not_found"));
    scene.unauthorize(merchant);

    quota(merchant).statusCode(409).body("code", equalTo("authorizer_revoked"));
  }

  @Test
  void all_interfaces_are_asked_about_at_once() throws Exception {
    ValidatableResponse answer = quotaWhileHeld(() -> {});

    answer
        .statusCode(200)
        .body(APPLY + "daily_limit", equalTo(1_000_000))
        .body(QUERY + "daily_limit", equalTo(1_000_000));
  }

  /** A refused token, another one, and answers that take four seconds each: nine in all. */
  @Test
  void whoever_asks_is_answered_although_wechat_takes_longer_than_the_contract() {
    scene.fault(GET_QUOTA, errcode(40001), INTERFACES.size());
    Map<String, Object> slow = Map.of("kind", "delay", "delay_ms", 4_500);
    scene.fault("/cgi-bin/component/api_authorizer_token", slow, 1);
    scene.fault(GET_QUOTA, slow, INTERFACES.size());

    quota(merchant)
        .statusCode(503)
        .header("Retry-After", notNullValue())
        .body("code", equalTo("wechat_unavailable"))
        .body("wechat.errmsg", equalTo("no answer in time"));

    assertThat(scene.sandbox.control("GET", "faults", Map.of()).getList("used", Integer.class))
        .containsExactly(INTERFACES.size(), 1, INTERFACES.size());
    assertThat(stored("daily_limit", "applycode")).isZero();
  }

  @Test
  void what_was_told_across_midnight_is_shown_and_not_kept() throws Exception {
    scene.order(merchant, "order-1").statusCode(201);
    scene.post(merchant, "order-1", "sync").statusCode(200);
    counted("applycodequery", 0);
    scene.sandbox.settings(Map.of("daily_limit", 500));
    Time.passes(untilMidnight().minusSeconds(20));
    rows.forgetAll();
    OrderScene.runDue();
    String before = ShanghaiDay.of(clock.instant()).toString();

    ValidatableResponse answer = quotaWhileHeld(() -> Time.passes(Duration.ofSeconds(40)));

    answer.statusCode(200).body(QUERY + "daily_limit", equalTo(500));
    assertThat(answer.extract().<String>path("day")).isGreaterThan(before);
    assertThat(stored("daily_limit", "applycodequery")).isZero();
    assertThat(stored("calls_elsewhere", "applycodequery")).isZero();
  }

  @Test
  void a_call_claimed_before_midnight_is_counted_on_the_day_on_which_it_is_made() {
    scene.order(merchant, "order-1").statusCode(201);
    scene.order(merchant, "order-2").statusCode(201);
    Time.passes(untilMidnight().minusSeconds(5));
    scene.post(merchant, "order-1", "sync").statusCode(200);
    rows.pin(key(merchant, "order-1"), clock.instant());
    List<Claimed> claimed = claim(500, 1);
    assertThat(claimed).hasSize(2);

    Time.passes(Duration.ofSeconds(10));
    Turn made = calls.take(claimed.getFirst(), Deadline.in(Duration.ofSeconds(10), Urgency.SYNC));
    Turn unsent = calls.take(claimed.getLast(), Deadline.in(Duration.ZERO, Urgency.SYNC));
    assertThat(calls("applycodequery")).isEqualTo(2);
    writer.writeAll(List.of(made, unsent));

    quota(merchant).body(QUERY + "calls", equalTo(1)).body(QUERY + "used", equalTo(1));
  }

  /** Its node was stopped in the middle of it. */
  @Test
  void a_refusal_of_yesterday_read_today_parks_nothing() {
    scene.order(merchant, "order-1").statusCode(201);
    Time.passes(untilMidnight().minusMinutes(5));
    rows.pin(key(merchant, "order-1"), clock.instant());
    CodeApplication row = claim(500, 1).getFirst().row();
    CountedCall counted =
        new CountedCall(
            database,
            new AuthorizerId(provider(), merchant),
            CountedApis.QUERY_APPLICATION,
            ShanghaiDay.of(clock.instant()),
            clock);

    WeChatResult<ApiQuota> refused =
        counted.make(
            () -> {
              Time.passes(Duration.ofMinutes(10));
              return new WeChatResult.Failed<>(
                  new Failure.QuotaExhausted(
                      new WeChatError(CountedApis.QUERY_APPLICATION, 45009, "no", null)));
            });
    writer.writeAll(
        List.of(Turn.of(row, row.progress(), "test").changing(counted.change(refused))));

    assertThat(parkedUntil(CountedApis.QUERY_APPLICATION)).isNull();
  }

  @Test
  void a_late_refusal_of_yesterday_does_not_end_todays_parking() {
    scene.order(merchant, "order-1").statusCode(201);
    Instant midnight = Window.midnight(clock.instant());
    LocalDate day = ShanghaiDay.of(clock.instant());
    AuthorizerId authorizer = new AuthorizerId(provider(), merchant);
    for (Instant until : List.of(midnight, midnight.minus(Duration.ofDays(1)))) {
      QuotaChange parked =
          new QuotaChange(authorizer, "applycode", day, QuotaChange.Effect.PARKED, until);
      database.transaction(
          connection -> {
            QuotaChanges.write(connection, List.of(parked));
            return true;
          });
    }

    assertThat(parkedUntil("applycode")).isEqualTo(midnight);
    scene.order(merchant, "order-2").statusCode(429);
  }

  /** Nine tenths of one call are none, and the application would never move. */
  @Test
  void of_the_smallest_quota_one_question_a_day_is_not_reserved() {
    for (String id : List.of("order-1", "order-2")) {
      scene.order(merchant, id).statusCode(201);
      scene.post(merchant, id, "sync").statusCode(200);
    }
    counted("applycodequery", 0);
    limited("applycodequery", 1);
    Time.passes(Duration.ofSeconds(10));

    assertThat(claim(500, 0.9))
        .extracting(one -> one.clearance().grant().verdict())
        .containsExactlyInAnyOrder(Grant.Verdict.GRANTED, Grant.Verdict.RESERVED);
  }

  /** Asks, and lets WeChat answer only when both questions are there and this has been done. */
  private ValidatableResponse quotaWhileHeld(Runnable meanwhile) throws Exception {
    scene.fault(GET_QUOTA, Map.of("kind", "held"), INTERFACES.size());
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<ValidatableResponse> answer = threads.submit(() -> quota(merchant));
      await()
          .until(
              () ->
                  scene
                      .sandbox
                      .control("GET", "faults", Map.of())
                      .getList("used", Integer.class)
                      .equals(List.of(INTERFACES.size())));
      meanwhile.run();
      scene.sandbox.clearFaults();
      return answer.get();
    }
  }

  private @Nullable Instant parkedUntil(String api) {
    return database.transaction(
        connection ->
            ApiQuotas.standing(connection, new AuthorizerId(provider(), merchant), clock.instant())
                .get(api)
                .parkedUntil());
  }

  private ValidatableResponse quota(String appid) {
    return scene.get("/api/v1/authorizers/" + appid + "/quota");
  }

  private Map<String, Object> tooFrequent() {
    Map<String, Object> rule = new HashMap<>(errcode(45011));
    rule.put("appid", merchant);
    return rule;
  }

  private static String path(String api) {
    return "/intp/marketcode/" + api;
  }

  private static double reserved() {
    return Metrics.value("yima_code_syncs_total{outcome=\"quota_reserved\"}");
  }

  private Duration untilMidnight() {
    Instant now = clock.instant();
    return Duration.between(now, Window.midnight(now));
  }

  /** For how long questions about this merchant's applications pause. */
  private Duration pause() {
    String until = quota(merchant).extract().path(QUERY + "slowed_until");
    return Duration.between(clock.instant(), Instant.parse(until));
  }

  /** How often WeChat has answered about an application. */
  private int asked(String appid, String isvApplicationId) {
    return scene.sandbox.applications(appid).stream()
        .filter(application -> isvApplicationId.equals(application.get("isv_application_id")))
        .mapToInt(application -> (int) application.get("query_calls"))
        .sum();
  }

  private List<Claimed> claimAll(double share) {
    List<Claimed> all = new ArrayList<>();
    for (List<Claimed> some = claim(3, share); !some.isEmpty(); some = claim(3, share)) {
      all.addAll(some);
    }
    return all;
  }

  private List<Claimed> claim(int limit, double share) {
    return database.transaction(
        connection -> LedgerClaims.due(connection, clock.instant(), limit, "test", LEASE, share));
  }

  private ProviderId provider() {
    return directory.find(scene.app.appid()).orElseThrow().id();
  }

  private ApplicationKey key(String appid, String isvApplicationId) {
    return new ApplicationKey(new AuthorizerId(provider(), appid), isvApplicationId);
  }

  private long calls(String api) {
    return database.transaction(
        connection ->
            ApiQuotas.standing(connection, new AuthorizerId(provider(), merchant), clock.instant())
                .get(api)
                .calls());
  }

  private void counted(String api, long calls) {
    set("calls = ?", calls, api);
  }

  private void limited(String api, long dailyLimit) {
    set("daily_limit = ?", dailyLimit, api);
  }

  private void set(String column, long value, String api) {
    database.transaction(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "update api_quota set "
                      + column
                      + " where provider_id = ? and authorizer_appid = ? and api = ?")) {
            update.setLong(1, value);
            update.setObject(2, provider().value());
            update.setString(3, merchant);
            update.setString(4, api);
            assertThat(update.executeUpdate()).isEqualTo(1);
            return true;
          }
        });
  }

  private long limit(String api) {
    return stored("daily_limit", api);
  }

  /** Zero where there is none. */
  private long stored(String column, String api) {
    return database.transaction(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "select coalesce(sum("
                      + column
                      + "), 0) from api_quota"
                      + " where provider_id = ? and authorizer_appid = ? and api = ?")) {
            select.setObject(1, provider().value());
            select.setString(2, merchant);
            select.setString(3, api);
            try (ResultSet row = select.executeQuery()) {
              assertThat(row.next()).isTrue();
              return row.getLong(1);
            }
          }
        });
  }
}
