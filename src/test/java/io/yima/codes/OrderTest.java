package io.yima.codes;

import static io.yima.codes.OrderScene.errcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.testsupport.Sandbox;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What an order is answered, row by row of the contract's table. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class OrderTest {

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
  }

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
  void a_broken_rule_stores_nothing() {
    scene
        .order(merchant, Map.of("code_count", 10_001, "isv_application_id", " x"))
        .statusCode(422)
        .body("errors.field", contains("code_count", "isv_application_id"));

    scene.get(OrderScene.applications(merchant)).statusCode(200).body("items.size()", equalTo(0));
  }

  @Test
  void without_an_id_an_idempotency_key_is_needed_and_names_the_order() {
    Map<String, Integer> body = Map.of("code_count", 10_000);
    scene.order(merchant, body).statusCode(400).body("code", equalTo("idempotency_key_required"));

    Set<String> ids = new HashSet<>();
    for (int status : List.of(201, 200)) {
      ids.add(
          scene
              .asProvider()
              .header("Idempotency-Key", "retry-me")
              .body(body)
              .post(OrderScene.applications(merchant))
              .then()
              .statusCode(status)
              .extract()
              .path("isv_application_id"));
    }

    assertThat(ids).hasSize(1);
    assertThat(scene.sandbox.applications(merchant)).hasSize(1);
  }

  static Stream<Map<String, Object>> passingTroubles() {
    return Stream.of(
        Map.of("kind", "http", "status", 502),
        Map.of("kind", "reset"),
        Map.of("kind", "broken_body"),
        Map.of("kind", "truncated_body"),
        Map.of("kind", "lost_answer"),
        errcode(-1),
        errcode(45011));
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
  void a_token_that_is_refused_twice_is_token_trouble() {
    scene.applyFails(errcode(40001), 2);

    scene
        .order(merchant, "order-1")
        .statusCode(202)
        .body("state", equalTo("SUBMITTING"))
        .body("stuck", equalTo(false));
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
  void a_used_up_quota_waits_for_the_next_day() {
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
    scene.application(merchant, "order-1").body("state", equalTo("SUBMITTED"));
    scene.order(merchant, "order-2").statusCode(201);
  }

  @ParameterizedTest
  @ValueSource(ints = {61004, 40164, 48001, 48004, 50002, 61007, 61016, 61017, 61028, 987_654})
  void what_a_person_must_mend_is_stuck_at_once_and_never_final(int errcode) {
    scene.applyFails(errcode(errcode), 1);

    scene
        .order(merchant, "order-1")
        .statusCode(202)
        .body("state", equalTo("SUBMITTING"))
        .body("stuck", equalTo(true))
        .body("last_error.errcode", equalTo(errcode))
        .body("last_error.remedy", not(nullValue()));
    Time.passes(Duration.ofMinutes(61));
    OrderScene.syncDue();

    scene
        .application(merchant, "order-1")
        .body("state", equalTo("SUBMITTED"))
        .body("stuck", equalTo(false));
  }

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

  @ParameterizedTest
  @ValueSource(ints = {40002, 43002, 44002, 47001})
  void what_wechat_refuses_is_rejected_and_can_be_ordered_again(int errcode) {
    scene.applyFails(errcode(errcode), 1);

    scene
        .order(merchant, "order-1")
        .statusCode(422)
        .body("wechat.errcode", equalTo(errcode))
        .body("wechat.rid", equalTo("6-abc-def"));
    scene.application(merchant, "order-1").body("state", equalTo("REJECTED"));

    scene.order(merchant, "order-1", 30_000).statusCode(201).body("code_count", equalTo(30_000));
    assertThat(scene.history(merchant, "order-1"))
        .containsExactly("requested", "rejected", "reopened", "submitted");
  }

  static Stream<Arguments> unfitMerchants() {
    return Stream.of(
        Arguments.of(Map.of("service_type", 2), List.of(1, 2), "permission_set_missing"),
        Arguments.of(Map.of("service_type", 0), List.of(1, 46), "account_type_unsupported"));
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
  void a_revoked_merchant_orders_nothing_new_but_sees_what_it_had() {
    scene.order(merchant, "order-1").statusCode(201);
    scene.unauthorize(merchant);

    scene.order(merchant, "order-2").statusCode(409).body("code", equalTo("authorizer_revoked"));
    scene.order(merchant, "order-1").statusCode(200);
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

  @Test
  void twenty_orders_at_once_are_one_application() throws Exception {
    List<Integer> statuses;
    try (ExecutorService executor = Executors.newFixedThreadPool(20)) {
      Callable<Integer> order = () -> scene.order(merchant, "order-1").extract().statusCode();
      statuses =
          executor.invokeAll(Stream.generate(() -> order).limit(20).toList()).stream()
              .map(Future::resultNow)
              .toList();
    }

    assertThat(statuses).containsOnlyOnce(201).allMatch(Set.of(200, 201, 202)::contains);
    assertThat(scene.sandbox.applications(merchant)).hasSize(1);
    assertThat(scene.history(merchant, "order-1")).startsWith("requested").contains("submitted");
  }
}
