package io.yima.codes;

import static io.yima.codes.OrderScene.errcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.yima.testsupport.Sandbox;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What an order is answered: the rows of the contract's table, in its order. What each error number
 * does is in {@link OrderNumbersTest}.
 */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class OrderAnswersTest {

  @Inject Clock clock;

  private OrderScene scene;
  private String merchant;

  @BeforeEach
  void open() {
    scene = OrderScene.open();
    merchant = scene.merchant();
  }

  @AfterEach
  void mend() {
    scene.sandbox.clearFaults();
    scene.sandbox.settings(Map.of("init_time", "PT7S"));
  }

  // ---- a rule is broken ------------------------------------------------------------------------

  static Stream<Arguments> brokenRules() {
    return Stream.of(
        Arguments.of(Map.of("isv_application_id", "a"), List.of("code_count")),
        Arguments.of(order(0, "a", null), List.of("code_count")),
        Arguments.of(order(-10_000, "a", null), List.of("code_count")),
        Arguments.of(order(9_999, "a", null), List.of("code_count")),
        Arguments.of(order(10_001, "a", null), List.of("code_count")),
        Arguments.of(order(20_010_000, "a", null), List.of("code_count")),
        Arguments.of(order(Long.MAX_VALUE, "a", null), List.of("code_count")),
        Arguments.of(order(10_000, "a", "l".repeat(201)), List.of("label")),
        Arguments.of(order(10_000, "a", "line\nbreak"), List.of("label")),
        Arguments.of(
            order(10_001, " x", "\u0000"), List.of("code_count", "isv_application_id", "label")));
  }

  @ParameterizedTest
  @MethodSource("brokenRules")
  void a_broken_rule_stores_nothing(Map<String, Object> body, List<String> fields) {
    scene
        .order(merchant, body)
        .statusCode(422)
        .body("code", equalTo("invalid"))
        .body("errors.field", equalTo(fields));

    scene.get(OrderScene.applications(merchant)).statusCode(200).body("items.size()", equalTo(0));
    assertThat(scene.sandbox.applications(merchant)).isEmpty();
  }

  @Test
  void without_an_id_an_idempotency_key_is_needed_and_names_the_order() {
    Map<String, Integer> body = Map.of("code_count", 10_000);
    scene.order(merchant, body).statusCode(400).body("code", equalTo("idempotency_key_required"));

    Set<String> ids = new HashSet<>();
    for (String replayed : new String[] {null, "true"}) {
      ids.add(
          withKey("retry-me", 10_000)
              .statusCode(201)
              .header("Idempotency-Replayed", equalTo(replayed))
              .extract()
              .path("isv_application_id"));
    }

    assertThat(ids).hasSize(1);
    assertThat(scene.sandbox.applications(merchant)).hasSize(1);
    withKey("retry-me", 20_000).statusCode(422).body("code", equalTo("idempotency_key_reused"));
  }

  @Test
  void an_order_that_wechat_has_not_confirmed_runs_again_with_its_key() {
    scene.applyFails(errcode(-1), 1);
    Set<String> ids = new HashSet<>();
    for (int time = 0; time < 2; time++) {
      ids.add(
          withKey("not-yet", 10_000)
              .statusCode(202)
              .header("Idempotency-Replayed", nullValue())
              .extract()
              .path("isv_application_id"));
    }
    OrderScene.syncDue();

    withKey("not-yet", 10_000).statusCode(200).body("state", equalTo("SUBMITTED"));
    assertThat(ids).hasSize(1);
    assertThat(scene.sandbox.applications(merchant)).hasSize(1);
  }

  private ValidatableResponse withKey(String idempotencyKey, int codeCount) {
    return scene
        .asProvider()
        .header("Idempotency-Key", idempotencyKey)
        .body(Map.of("code_count", codeCount))
        .post(OrderScene.applications(merchant))
        .then();
  }

  // ---- exists, same count ----------------------------------------------------------------------

  @Test
  void the_same_order_again_is_the_same_application() {
    Object id = scene.order(merchant, "order-1").statusCode(201).extract().path("application_id");

    scene.order(merchant, "order-1").statusCode(200).body("application_id", equalTo(id));
    scene
        .order(merchant, "order-1", 20_000)
        .statusCode(409)
        .body("code", equalTo("isv_application_id_conflict"));
    assertThat(scene.sandbox.applications(merchant)).hasSize(1);
  }

  @Test
  void a_confirmed_order_again_is_unchanged_whoever_asks_and_whatever_else_is_sent() {
    Map<String, Object> body = order(10_000, "order-1", "first");
    scene.order(merchant, body).statusCode(201);
    scene
        .asProvider()
        .header("Yima-Actor", "han.meimei")
        .body(order(10_000, "order-1", "second"))
        .post(OrderScene.applications(merchant))
        .then()
        .statusCode(200)
        .body("label", equalTo("first"))
        .body("actor", nullValue());
    Time.passes(Duration.ofHours(1));
    OrderScene.syncDue();

    scene.order(merchant, body).statusCode(200).body("state", equalTo("FINISHED"));
    assertThat(scene.history(merchant, "order-1"))
        .containsExactly("requested", "submitted", "status_changed", "finished");
  }

  @Test
  void a_revoked_merchant_orders_nothing_new_but_sees_what_it_had() {
    scene.order(merchant, "order-1").statusCode(201);
    scene.unauthorize(merchant);

    scene.order(merchant, "order-2").statusCode(409).body("code", equalTo("authorizer_revoked"));
    scene.order(merchant, "order-1").statusCode(200);
  }

  @Test
  void a_confirmed_order_is_seen_without_permission_set_and_while_the_quota_is_used_up() {
    scene.order(merchant, "order-1").statusCode(201);
    scene.applyFails(errcode(45009), 1);
    scene.order(merchant, "order-2").statusCode(202);
    scene.order(merchant, "order-1").statusCode(200);

    scene.authorize(merchant, List.of(1, 2));
    scene.order(merchant, "order-1").statusCode(200);
    scene.order(merchant, "order-1", 20_000).statusCode(409);
    scene
        .order(merchant, "order-3")
        .statusCode(409)
        .body("code", equalTo("permission_set_missing"));
  }

  @Test
  void an_unconfirmed_order_again_is_woken() {
    scene.applyFails(errcode(-1), 1);
    scene.order(merchant, "order-1").statusCode(202);

    scene.order(merchant, "order-1").statusCode(202).body("state", equalTo("SUBMITTING"));
    OrderScene.syncDue();

    scene.application(merchant, "order-1").body("state", equalTo("SUBMITTED"));
    assertThat(scene.history(merchant, "order-1"))
        .containsExactly("requested", "submit_failed", "woken", "submitted");
  }

  @Test
  void an_order_again_while_its_answer_is_awaited_is_pending_and_wakes_nobody() throws Exception {
    scene.applyFails(Map.of("kind", "delay", "delay_ms", 1_500), 1);
    try (ExecutorService executor = Executors.newSingleThreadExecutor()) {
      Future<Integer> first =
          executor.submit(() -> scene.order(merchant, "order-1").extract().statusCode());
      await().until(() -> scene.application(merchant, "order-1").extract().statusCode() == 200);

      scene
          .order(merchant, "order-1")
          .statusCode(202)
          .body("state", equalTo("SUBMITTING"))
          .body("last_error", nullValue());
      // Others' orders may be due; this one is not, as what WeChat was asked shows below.
      OrderScene.syncDue();
      assertThat(first.get()).isEqualTo(201);
    }

    scene.order(merchant, "order-1").statusCode(200);
    assertThat(scene.history(merchant, "order-1")).containsExactly("requested", "submitted");
    assertThat(scene.sandbox.applications(merchant).getFirst()).containsEntry("apply_calls", 1);
  }

  @Test
  void an_unconfirmed_order_again_with_another_count_is_a_conflict() {
    scene.applyFails(errcode(-1), 1);
    scene.order(merchant, "order-1").statusCode(202);

    scene
        .order(merchant, "order-1", 20_000)
        .statusCode(409)
        .body("code", equalTo("isv_application_id_conflict"));
    assertThat(scene.history(merchant, "order-1")).containsExactly("requested", "submit_failed");
  }

  // ---- the merchant cannot have codes ----------------------------------------------------------

  static Stream<Arguments> unfitMerchants() {
    return Stream.of(
        Arguments.of(Map.of("service_type", 2), List.of(1, 2), "permission_set_missing"),
        Arguments.of(Map.of("service_type", 0), List.of(1, 46), "account_type_unsupported"),
        Arguments.of(Map.of("service_type", 1), List.of(1, 46), "account_type_unsupported"),
        Arguments.of(Map.of("mini_program", true), List.of(1, 46), "account_type_unsupported"));
  }

  @ParameterizedTest
  @MethodSource("unfitMerchants")
  void a_merchant_who_cannot_have_codes_is_a_conflict(
      Map<String, Object> account, List<Integer> sets, String code) {
    String appid = Sandbox.newAppid();
    Map<String, Object> fields = new HashMap<>(account);
    fields.put("appid", appid);
    scene.sandbox.account(fields);
    scene.authorize(appid, sets);

    scene.order(appid, "order-1").statusCode(409).body("code", equalTo(code));
    scene.application(appid, "order-1").statusCode(404);
  }

  @Test
  void whoever_must_authorize_again_orders_after_that() {
    scene.unauthorize(merchant);
    scene.order(merchant, "order-1").statusCode(409).body("code", equalTo("authorizer_revoked"));
    scene.application(merchant, "order-1").statusCode(404);

    scene.authorize(merchant, List.of(1, 46));

    scene.order(merchant, "order-1").statusCode(201);
    assertThat(scene.history(merchant, "order-1")).containsExactly("requested", "submitted");
  }

  @Test
  void an_unknown_merchant_and_another_tenants_are_the_same() {
    String others = OrderScene.open().merchant();

    for (String appid : List.of(Sandbox.newAppid(), others)) {
      scene.order(appid, "x").statusCode(404).body("code", equalTo("authorizer_not_found"));
      scene.get(OrderScene.applications(appid)).statusCode(404);
      scene
          .application(appid, "x")
          .statusCode(404)
          .body("code", equalTo("code_application_not_found"));
    }
  }

  // ---- WeChat: ok ------------------------------------------------------------------------------

  @Test
  void what_wechat_confirms_is_created() {
    scene
        .asProvider()
        .header("Yima-Actor", "li.lei")
        .body(Map.of("code_count", 20_000, "isv_application_id", "order-1", "label", "spring 春"))
        .post(OrderScene.applications(merchant))
        .then()
        .statusCode(201)
        .header("Location", endsWith(OrderScene.application(merchant, "order-1", "")))
        .body("isv_application_id", equalTo("order-1"))
        .body("authorizer_appid", equalTo(merchant))
        .body("application_id", notNullValue())
        .body("code_count", equalTo(20_000))
        .body("label", equalTo("spring 春"))
        .body("state", equalTo("SUBMITTED"))
        .body("status", nullValue())
        .body("code_generate_list", equalTo(List.of()))
        .body("requested_by", notNullValue())
        .body("actor", equalTo("li.lei"))
        .body("submitted_at", notNullValue())
        .body("finished_at", nullValue())
        .body("next_sync_at", notNullValue())
        .body("stuck", equalTo(false))
        .body("last_error", nullValue());

    scene.application(merchant, "order-1").statusCode(200).body("state", equalTo("SUBMITTED"));
    assertThat(scene.history(merchant, "order-1")).containsExactly("requested", "submitted");
  }

  @Test
  void the_first_question_comes_five_seconds_after_the_confirmation() {
    String next = scene.order(merchant, "order-1").extract().path("next_sync_at");

    assertThat(Duration.between(clock.instant(), Instant.parse(next)))
        .isBetween(Duration.ZERO, Duration.ofSeconds(5));
  }

  // ---- what passes by itself -------------------------------------------------------------------

  static Stream<Map<String, Object>> passingTroubles() {
    return Stream.of(
        Map.of("kind", "http", "status", 500),
        Map.of("kind", "http", "status", 503),
        Map.of("kind", "timeout"),
        Map.of("kind", "lost_answer", "hold", true),
        Map.of("kind", "reset"),
        Map.of("kind", "broken_body"),
        Map.of("kind", "truncated_body"),
        Map.of("kind", "lost_answer"),
        errcode(-1));
  }

  @ParameterizedTest
  @MethodSource("passingTroubles")
  void what_passes_by_itself_is_tried_again_and_buys_one_batch(Map<String, Object> trouble) {
    scene.applyFails(trouble, 1);

    scene
        .order(merchant, "order-1")
        .statusCode(202)
        .body("state", equalTo("SUBMITTING"))
        .body("application_id", nullValue())
        .body("stuck", equalTo(false))
        .body("last_error.code", notNullValue())
        .body("next_sync_at", greaterThan(Instant.EPOCH.toString()));
    Time.passes(Duration.ofSeconds(6));
    OrderScene.syncDue();

    scene
        .application(merchant, "order-1")
        .body("state", equalTo("SUBMITTED"))
        .body("last_error", nullValue());
    assertThat(scene.sandbox.applications(merchant)).hasSize(1);
    assertThat(scene.history(merchant, "order-1"))
        .containsExactly("requested", "submit_failed", "submitted");
  }

  @Test
  void what_came_too_fast_is_tried_again_after_a_pause_and_buys_one_batch() {
    scene.applyFails(errcode(45011), 1);

    scene
        .order(merchant, "order-1")
        .statusCode(202)
        .body("state", equalTo("SUBMITTING"))
        .body("stuck", equalTo(false))
        .body("last_error.code", equalTo("rate_limited"));
    Time.passes(Duration.ofSeconds(6));
    OrderScene.syncDue();
    scene.application(merchant, "order-1").body("state", equalTo("SUBMITTING"));
    Time.passes(Duration.ofMinutes(2));
    OrderScene.syncDue();

    scene
        .application(merchant, "order-1")
        .body("state", equalTo("SUBMITTED"))
        .body("last_error", nullValue());
    assertThat(scene.sandbox.applications(merchant)).hasSize(1);
    assertThat(scene.history(merchant, "order-1"))
        .containsExactly("requested", "submit_failed", "submitted");
  }

  @Test
  void one_stale_token_is_replaced_within_the_request() {
    scene.applyFails(errcode(40001), 1);

    scene.order(merchant, "order-1").statusCode(201);
  }

  @Test
  void a_token_that_is_refused_twice_is_token_trouble() {
    scene.applyFails(errcode(40001), 2);

    scene
        .order(merchant, "order-1")
        .statusCode(202)
        .body("state", equalTo("SUBMITTING"))
        .body("stuck", equalTo(false));
  }

  @Test
  void an_order_for_which_no_token_is_to_be_had_waits() {
    Time.passes(Duration.ofHours(3));
    scene.fault("/cgi-bin/component/api_authorizer_token", errcode(-1), 1);

    scene
        .order(merchant, "order-1")
        .statusCode(202)
        .body("state", equalTo("SUBMITTING"))
        .body("stuck", equalTo(false));
    assertThat(scene.sandbox.applications(merchant)).isEmpty();
  }

  /** The tokens and the order itself take three seconds each. */
  @Test
  void after_eight_seconds_in_all_the_request_goes_on_without_the_client() {
    Time.passes(Duration.ofHours(3));
    scene.sandbox.pushTicket(scene.app.appid());
    Map<String, Object> slow = Map.of("kind", "delay", "delay_ms", 3_000);
    scene.fault("/cgi-bin/component/api_component_token", slow, 1);
    scene.fault("/cgi-bin/component/api_authorizer_token", slow, 1);
    scene.applyFails(slow, 1);

    scene
        .order(merchant, "order-1")
        .statusCode(202)
        .body("state", equalTo("SUBMITTING"))
        .body("application_id", nullValue())
        .body("last_error", nullValue());

    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () ->
                "SUBMITTED".equals(scene.application(merchant, "order-1").extract().path("state")));
    assertThat(scene.history(merchant, "order-1")).containsExactly("requested", "submitted");
  }

  // ---- the day's quota is used up --------------------------------------------------------------

  @Test
  void a_used_up_quota_waits_for_the_next_day() {
    // The first round may have a ticket in time or not: a later one is not to find it finished.
    scene.sandbox.settings(Map.of("init_time", "PT1H"));
    scene.applyFails(errcode(45009), 1);

    scene
        .order(merchant, "order-1")
        .statusCode(202)
        .body("state", equalTo("SUBMITTING"))
        .body("stuck", equalTo(false))
        .body("last_error.code", equalTo("quota_exhausted"))
        .body("last_error.errcode", equalTo(45009));
    scene
        .order(merchant, "order-2")
        .statusCode(429)
        .header("Retry-After", notNullValue())
        .body("code", equalTo("quota_exhausted"));
    scene.application(merchant, "order-2").statusCode(404);
    scene.post(merchant, "order-1", "sync").statusCode(429);

    // Tickets and tokens are a day old by then: the first round renews them.
    Time.passes(Duration.ofHours(25));
    OrderScene.runDue();
    Time.passes(Duration.ofMinutes(1));
    OrderScene.runDue();
    scene
        .application(merchant, "order-1")
        .body("state", equalTo("SUBMITTED"))
        .body("last_error", nullValue());
    assertThat(scene.history(merchant, "order-1")).startsWith("requested", "submit_failed");
    assertThat(scene.sandbox.applications(merchant)).hasSize(1);
    scene.order(merchant, "order-2").statusCode(201);
  }

  @Test
  void the_next_day_begins_in_shanghai_and_is_told_in_seconds() {
    Instant midnight =
        clock
            .instant()
            .atZone(ZoneId.of("Asia/Shanghai"))
            .toLocalDate()
            .plusDays(1)
            .atStartOfDay(ZoneId.of("Asia/Shanghai"))
            .toInstant();
    scene.applyFails(errcode(45009), 1);

    String next = scene.order(merchant, "order-1").statusCode(202).extract().path("next_sync_at");
    String wait = scene.order(merchant, "order-2").statusCode(429).extract().header("Retry-After");

    assertThat(Instant.parse(next)).isBetween(midnight, midnight.plus(Duration.ofMinutes(5)));
    assertThat(clock.instant().plusSeconds(Long.parseLong(wait)))
        .isBetween(midnight.minusSeconds(30), midnight.plusSeconds(30));
    scene.order(merchant, "order-1").statusCode(202).body("state", equalTo("SUBMITTING"));
    scene.order(scene.merchant(), "order-2").statusCode(201);
  }

  // ---- what a person must mend -----------------------------------------------------------------

  @Test
  void what_a_person_mended_by_authorizing_again_is_tried_at_once() {
    scene.applyFails(errcode(61007), 1);
    scene.order(merchant, "order-1").statusCode(202).body("stuck", equalTo(true));

    scene.sandbox.control(
        "POST",
        "accounts/" + merchant + "/update",
        Map.of(
            "component_appid",
            scene.app.appid(),
            "permission_sets",
            List.of(1, 2, 46),
            "push",
            true));
    await()
        .until(
            () -> {
              OrderScene.runDue();
              return "SUBMITTED"
                  .equals(scene.application(merchant, "order-1").extract().path("state"));
            });

    assertThat(scene.history(merchant, "order-1"))
        .containsExactly("requested", "blocked", "woken", "submitted");
  }

  @Test
  void a_blocked_order_of_a_merchant_who_withdrew_and_came_back_is_sent() {
    scene.applyFails(errcode(61003), 1);
    scene.order(merchant, "order-1").statusCode(202).body("stuck", equalTo(true));
    scene.unauthorize(merchant);

    scene.authorize(merchant, List.of(1, 46));
    OrderScene.syncDue();

    scene
        .application(merchant, "order-1")
        .body("state", equalTo("SUBMITTED"))
        .body("stuck", equalTo(false));
    assertThat(scene.history(merchant, "order-1")).contains("woken").endsWith("submitted");
  }

  @Test
  void a_proxy_that_forbids_is_a_persons_business_too() {
    scene.applyFails(Map.of("kind", "http", "status", 403), 1);

    scene
        .order(merchant, "order-1")
        .statusCode(202)
        .body("stuck", equalTo(true))
        .body("last_error.remedy", notNullValue());
  }

  // ---- the request itself is wrong -------------------------------------------------------------

  @Test
  void a_rejected_order_is_reopened_as_a_new_one() {
    scene.applyFails(errcode(47001), 1);
    scene
        .asProvider()
        .header("Yima-Actor", "li.lei")
        .body(order(10_000, "order-1", "first"))
        .post(OrderScene.applications(merchant))
        .then()
        .statusCode(422)
        .body("code", equalTo("wechat_refused"))
        .body("wechat.errcode", equalTo(47001))
        .body("wechat.rid", equalTo("6-abc-def"));
    scene
        .application(merchant, "order-1")
        .body("state", equalTo("REJECTED"))
        .body("next_sync_at", nullValue())
        .body("last_error.errcode", equalTo(47001));

    scene
        .order(merchant, order(30_000, "order-1", null))
        .statusCode(201)
        .body("code_count", equalTo(30_000))
        .body("label", nullValue())
        .body("actor", nullValue())
        .body("last_error", nullValue());
    assertThat(scene.history(merchant, "order-1"))
        .containsExactly("requested", "rejected", "reopened", "submitted");
  }

  // ---- the sentences under the table -----------------------------------------------------------

  @Test
  void what_does_not_progress_for_six_hours_is_asked_about_every_six_hours() {
    Object id = scene.order(merchant, "order-1").extract().path("application_id");
    scene.sandbox.control("PUT", "applications/" + id, Map.of("status", "PROCESSING"));
    scene.post(merchant, "order-1", "sync").body("stuck", equalTo(false));

    Time.passes(Duration.ofHours(7));
    scene.sandbox.pushTicket(scene.app.appid());
    OrderScene.runDue();
    String next =
        scene
            .post(merchant, "order-1", "sync")
            .statusCode(200)
            .body("stuck", equalTo(true))
            .body("status", equalTo("PROCESSING"))
            .extract()
            .path("next_sync_at");

    assertThat(Duration.between(clock.instant(), Instant.parse(next)))
        .isBetween(Duration.ofMinutes(320), Duration.ofHours(6));
  }

  @Test
  void a_number_is_another_applications_only_within_a_provider() {
    OrderScene other = OrderScene.open();
    String elsewhere = other.merchant();
    Map<String, Object> same =
        Map.of("kind", "answer", "set", Map.of("application_id", 4_000_000_000_000L));
    scene.applyFails(same, 2);
    other.applyFails(same, 1);

    scene.order(merchant, "order-1").statusCode(201);
    other.order(elsewhere, "order-1").statusCode(201);
    scene
        .order(scene.merchant(), "order-2")
        .statusCode(202)
        .body("application_id", nullValue())
        .body("stuck", equalTo(true))
        .body("last_error.code", equalTo("application_id_conflict"))
        .body("last_error.remedy", containsString("4000000000000"));
  }

  private static Map<String, Object> order(long codeCount, String id, @Nullable String label) {
    Map<String, Object> body = new HashMap<>();
    body.put("code_count", codeCount);
    body.put("isv_application_id", id);
    body.put("label", label);
    return body;
  }
}
