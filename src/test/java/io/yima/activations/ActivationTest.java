package io.yima.activations;

import static io.yima.activations.ActivationScene.body;
import static io.yima.codes.OrderScene.errcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.yima.codes.ApplicationKey;
import io.yima.codes.OrderScene;
import io.yima.database.WorkerDatabase;
import io.yima.quota.ApiQuotas;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderDirectory;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.wechat.Deadline;
import io.yima.wechat.Urgency;
import io.yima.work.Lease;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Binding codes to products and pages. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class ActivationTest {

  private static final Lease LEASE = new Lease(Duration.ofSeconds(30), Duration.ofSeconds(5));

  /** The call is not made, though it leaves: WeChat hangs up first. */
  private static final Map<String, Object> HANGS_UP = Map.of("kind", "reset");

  private static final Map<String, Object> LOSES_ITS_ANSWER = Map.of("kind", "lost_answer");

  @Inject WorkerDatabase database;
  @Inject ProviderDirectory directory;
  @Inject SliceCalls calls;
  @Inject SliceWriter writer;
  @Inject Clock clock;

  private ActivationScene scene;

  @BeforeEach
  void open() {
    forgetAll();
    scene = ActivationScene.open();
    scene.finished("order-1", 100_000);
  }

  @AfterEach
  void mend() {
    scene.orders.sandbox.settings(Map.of("inactive_code", "empty", "reactivation", "overwrite"));
    scene.orders.sandbox.clearFaults();
  }

  /** Its ids begin with the time that its node believed in. */
  @Test
  void what_comes_after_an_activation_of_a_node_whose_clock_is_ahead_is_the_newest() {
    ApplicationKey key =
        new ApplicationKey(new AuthorizerId(scene.orders.provider(), scene.merchant), "order-1");
    String first = scene.activate("order-1", body(0, 99)).extract().path("id");
    UUID ahead = UUID.fromString("0fffffff-ffff-7fff-bfff-fffffffffff0");
    database.transaction(
        connection -> {
          CodeActivation stored =
              ActivationRows.find(connection, key, UUID.fromString(first)).orElseThrow();
          Slice slice = Slice.due(0, stored.wish().range(), clock.instant());
          ActivationRows.insert(connection, key, ahead, stored.wish(), List.of(slice));
          return true;
        });

    Map<String, Object> anew = body(0, 99, "product_title", "雨前龙井 50g");
    anew.put("replace", true);
    String last = scene.activate("order-1", anew).extract().path("id");

    scene.list("order-1").body("items.id", equalTo(List.of(last, ahead.toString(), first)));
    assertThat(
            database.<UUID>transaction(
                connection ->
                    ActivationRows.last(connection, key, new CodeRange(0, 99)).orElseThrow().id()))
        .hasToString(last);
  }

  @Test
  void codes_are_bound_in_parts_that_lie_in_one_of_wechats_ranges_each() {
    ValidatableResponse answer =
        scene
            .activate("order-1", body(40_000, 60_000))
            .statusCode(201)
            .header("Location", startsWith(scene.activations("order-1") + "/"))
            .body("state", equalTo("ACTIVATED"))
            .body("codes_activated", equalTo(20_001))
            .body("wxa_type", equalTo(0))
            .body("replace", equalTo(false))
            .body("next_attempt_at", nullValue())
            .body("slices.code_start", equalTo(List.of(40_000, 50_000)))
            .body("slices.code_end", equalTo(List.of(49_999, 60_000)))
            .body("slices.state", equalTo(List.of("ACTIVATED", "ACTIVATED")))
            .body("slices.unknown_since", equalTo(nulls(2)))
            .body("slices[0].activated_at", notNullValue());
    String id = answer.extract().path("id");

    assertThat(scene.bound())
        .extracting(bound -> bound.get("code_start") + " to " + bound.get("code_end"))
        .containsExactlyInAnyOrder("40000 to 49999", "50000 to 60000");
    assertThat(scene.bound().getFirst())
        .containsEntry("product_code", ActivationScene.PRODUCT_CODE)
        .containsEntry("activity_name", "春茶季")
        .containsEntry("wxa_path", "pages/scan/index");
    scene.activation("order-1", id).statusCode(200).body("slices.size()", equalTo(2));
    scene
        .list("order-1")
        .statusCode(200)
        .body("items.id", equalTo(List.of(id)))
        .body("items[0].slices", nullValue())
        .body("next", nullValue());
    assertThat(scene.orders.history(scene.merchant, "order-1"))
        .endsWith("activation_requested", "activated", "activated");
  }

  @Test
  void the_first_and_the_last_code_and_a_single_one_can_be_bound() {
    for (long index : List.of(0L, 99_999L, 7L)) {
      scene
          .activate("order-1", body(index, index))
          .statusCode(201)
          .body("codes_activated", equalTo(1));
    }
    scene.list("order-1").body("items.code_start", equalTo(List.of(7, 99_999, 0)));
  }

  @Test
  void what_is_asked_for_must_be_right_or_nothing_is_stored() {
    int tried = 0;
    for (Bad bad :
        List.of(
            new Bad(body(5, 4), "code_end"),
            new Bad(body(-1, 4), "code_start"),
            new Bad(body(0, 100_000), "code_end"),
            new Bad(body(99_999, 100_000), "code_end"),
            new Bad(body(0, 20_000_000), "code_end"),
            new Bad(body(0, 9, "code_start", null), "code_start"),
            new Bad(body(0, 9, "code_end", null), "code_end"),
            new Bad(body(0, 9, "product_code", "6901234567893"), "product_code"),
            new Bad(body(0, 9, "product_code", "73513536"), "product_code"),
            new Bad(body(0, 9, "product_code", "012345678905"), "product_code"),
            new Bad(body(0, 9, "product_code", "６９０１２３４５６７８９２"), "product_code"),
            new Bad(body(0, 9, "product_code", null), "product_code"),
            new Bad(body(0, 9, "activity_name", null), "activity_name"),
            new Bad(body(0, 9, "activity_name", " "), "activity_name"),
            new Bad(body(0, 9, "product_brand", "x".repeat(129)), "product_brand"),
            new Bad(body(0, 9, "product_title", "a\u0000b"), "product_title"),
            new Bad(body(0, 9, "wxa_appid", "no appid"), "wxa_appid"),
            new Bad(body(0, 9, "wxa_path", ""), "wxa_path"),
            new Bad(body(0, 9, "wxa_path", "a\nb"), "wxa_path"),
            new Bad(body(0, 9, "wxa_type", 3), "wxa_type"),
            new Bad(body(0, 9, "wxa_type", -1), "wxa_type"))) {
      scene
          .activate("order-1", bad.body())
          .statusCode(422)
          .body("code", equalTo("invalid"))
          .body("errors.field", hasItem(bad.field()));
      tried++;
    }
    for (Object wrong : List.of("0", 1.5, true)) {
      scene
          .activate("order-1", body(0, 9, "code_start", wrong))
          .statusCode(400)
          .body("errors.field", hasItem("code_start"));
      tried++;
    }
    scene.activate("order-1", body(0, 9, "replaces", true)).statusCode(400);
    scene.activate("order-1", body(0, 9, "replace", 1)).statusCode(400);
    scene.orders.asProvider().post(scene.activations("order-1")).then().statusCode(400);
    tried += 3;

    scene.list("order-1").body("items.size()", equalTo(0));
    assertThat(scene.bound()).isEmpty();
    Robustness.row(
        "Activations",
        "ranges reversed, negative, outside; wrong check digits, other types, unknown fields, missing ones",
        tried,
        "400 or 422 naming the field, nothing stored, nothing sent");
  }

  private record Bad(Map<String, Object> body, String field) {}

  @Test
  void codes_that_are_not_ready_cannot_be_bound() {
    scene.orders.order(scene.merchant, "order-2", 10_000).statusCode(201);

    scene
        .activate("order-2", body(0, 9))
        .statusCode(409)
        .body("code", equalTo("code_application_not_finished"));
    scene
        .activate("order-3", body(0, 9))
        .statusCode(404)
        .body("code", equalTo("code_application_not_found"));
    scene.list("order-3").statusCode(404);
    scene.activation("order-1", "none").statusCode(404);
    scene
        .activation("order-1", "0197f3a0-5c2d-7e3f-8a2b-3c4d5e6f7a8b")
        .statusCode(404)
        .body("code", equalTo("activation_not_found"));
  }

  /** Some ranges are there, others are not: WeChat said FINISH and left a hole. */
  @Test
  void a_range_across_a_part_that_is_not_ready_is_refused() {
    scene.orders.order(scene.merchant, "order-2", 30_000).statusCode(201);
    Map<String, Object> holes = new HashMap<>();
    holes.put("kind", "answer");
    holes.put(
        "body",
        "{\"errcode\":0,\"status\":\"FINISH\",\"code_generate_list\":["
            + "{\"code_start\":20000,\"code_end\":29999},{\"code_start\":0,\"code_end\":9999}]}");
    scene.fails("/intp/marketcode/applycodequery", holes, 1);
    Time.passes(Duration.ofMinutes(20));
    OrderScene.syncDue();

    scene
        .activate("order-2", body(5_000, 25_000))
        .statusCode(422)
        .body("errors.field", hasItem("code_start"));
    scene.activate("order-2", body(10_000, 10_000)).statusCode(422);
    scene.list("order-2").body("items.size()", equalTo(0));
    scene.activate("order-2", body(20_000, 29_999)).statusCode(201);
    scene
        .accounting("order-2")
        .statusCode(200)
        .body("free.codes", equalTo(10_000))
        .body("generated.codes", equalTo(10_000))
        .body("activated.codes", equalTo(10_000));
  }

  @Test
  void codes_that_are_bound_are_bound_anew_only_when_that_is_asked_for() {
    String first = scene.activate("order-1", body(0, 59_999)).extract().path("id");

    scene
        .activate("order-1", body(59_999, 69_999))
        .statusCode(409)
        .body("code", equalTo("activation_overlap"))
        .body("detail", containsString(first));
    Map<String, Object> anew = body(59_999, 69_999, "replace", true);
    anew.put("activity_name", "秋茶季");
    scene.activate("order-1", anew).statusCode(201).body("replace", equalTo(true));

    scene
        .lookUp(Map.of("isv_application_id", "order-1", "code_index", 59_999))
        .body("activity_name", equalTo("秋茶季"));
    scene
        .lookUp(Map.of("isv_application_id", "order-1", "code_index", 59_998))
        .body("activity_name", equalTo("春茶季"));
    scene.accounting("order-1").body("activated.codes", equalTo(70_000));
  }

  @Test
  void of_overlapping_requests_in_parallel_one_wins() throws Exception {
    int wins = 0;
    int tries = 0;
    for (int round = 0; round < 3; round++) {
      long start = round * 1_000L;
      List<Integer> statuses = new ArrayList<>();
      try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Integer>> requests = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
          long from = start + i;
          requests.add(
              threads.submit(
                  () -> scene.activate("order-1", body(from, from + 100)).extract().statusCode()));
        }
        for (Future<Integer> request : requests) {
          statuses.add(request.get());
        }
      }
      tries += statuses.size();
      wins += (int) statuses.stream().filter(status -> status == 201).count();
      assertThat(statuses).containsOnlyOnce(201).contains(409);
      assertThat(statuses).allMatch(status -> status == 201 || status == 409);
    }
    assertThat(scene.bound()).hasSize(wins);
    Robustness.row(
        "Activations",
        "overlapping activations, eight at once",
        tries,
        "one of each eight is bound, the others 409; WeChat was told of one");
  }

  @Test
  void one_idempotency_key_is_one_activation() {
    String first = keyed().statusCode(201).extract().path("id");

    keyed().statusCode(201).header("Idempotency-Replayed", "true").body("id", equalTo(first));
    scene.list("order-1").body("items.size()", equalTo(1));
  }

  private ValidatableResponse keyed() {
    return scene
        .orders
        .asProvider()
        .header("Idempotency-Key", "activation-1")
        .body(body(0, 9))
        .post(scene.activations("order-1"))
        .then();
  }

  @Test
  void a_bar_code_under_review_waits_a_day_for_everybody_to_see() {
    scene.orders.sandbox.control(
        "POST", "bar-codes", Map.of("product_code", "96385074", "registered", false));

    String id =
        scene
            .activate("order-1", body(0, 9, "product_code", "96385074"))
            .statusCode(202)
            .body("state", equalTo("ACTIVATING"))
            .body("blocked", equalTo(false))
            .body("last_error.code", equalTo("bar_code_review"))
            .body("last_error.errcode", equalTo(1))
            .body("last_error.remedy", containsString("24 hours"))
            .extract()
            .path("id");

    Instant next = Instant.parse(scene.activation("order-1", id).extract().path("next_attempt_at"));
    Instant day = clock.instant().plus(Duration.ofHours(24));
    assertThat(next).isBetween(day.minusSeconds(60), day.plus(Duration.ofMinutes(5)));
    Time.passes(Duration.ofHours(23));
    assertThat(ActivationScene.activateDue()).isZero();
    assertThat(scene.orders.history(scene.merchant, "order-1")).endsWith("bar_code_review");

    Time.passes(Duration.ofMinutes(70));
    scene.orders.sandbox.pushTicket(scene.orders.app.appid());
    OrderScene.runDue();
    // Where the merchant's token was not there again in time, a try was in vain.
    Time.passes(Duration.ofMinutes(11));
    OrderScene.runDue();
    ActivationScene.activateDue();
    scene.activation("order-1", id).body("state", equalTo("ACTIVATED"));
  }

  @Test
  void another_activation_can_take_the_place_of_one_that_waits() {
    scene.orders.sandbox.control(
        "POST", "bar-codes", Map.of("product_code", "73513537", "registered", false));
    String waits =
        scene
            .activate("order-1", body(100, 199, "product_code", "73513537"))
            .statusCode(202)
            .extract()
            .path("id");
    scene.activate("order-1", body(150, 160)).statusCode(409);

    scene.activate("order-1", body(150, 160, "replace", true)).statusCode(201);

    scene
        .activation("order-1", waits)
        .body("state", equalTo("ACTIVATING"))
        .body("slices.code_start", equalTo(List.of(100, 100, 161)))
        .body("slices.code_end", equalTo(List.of(199, 149, 199)))
        .body("slices.state", equalTo(List.of("REPLACED", "ACTIVATING", "ACTIVATING")))
        .body("slices[1].last_error.code", equalTo("bar_code_review"));
    scene.activate("order-1", body(100, 199, "replace", true)).statusCode(201);
    scene.activation("order-1", waits).body("state", equalTo("REPLACED"));
    scene
        .accounting("order-1")
        .body("activated.ranges.code_start", equalTo(List.of(100)))
        .body("activated.ranges.code_end", equalTo(List.of(199)))
        .body("activating.codes", equalTo(0));
    assertThat(scene.orders.history(scene.merchant, "order-1")).contains("activation_replaced");
  }

  /** WeChat did it, and nobody heard: asked before it is told again. */
  @Test
  void an_answer_that_got_lost_is_settled_by_asking() {
    scene.fails(ActivationScene.ACTIVATE, LOSES_ITS_ANSWER, 1);
    String id = unknown(0, 9);

    Time.passes(Duration.ofMinutes(1));
    assertThat(ActivationScene.activateDue()).isEqualTo(1);

    scene.activation("order-1", id).body("state", equalTo("ACTIVATED"));
    assertThat(scene.bound()).as("told once").hasSize(1);
  }

  @Test
  void a_call_that_wechat_did_not_do_is_made_once_more_whatever_it_says_of_unbound_codes() {
    for (String inactive : List.of("empty", "error")) {
      scene.orders.sandbox.settings(Map.of("inactive_code", inactive));
      long start = inactive.equals("empty") ? 0 : 1_000;
      scene.fails(ActivationScene.ACTIVATE, HANGS_UP, 1);
      String id = unknown(start, start + 9);

      Time.passes(Duration.ofMinutes(1));
      ActivationScene.activateDue();
      scene
          .activation("order-1", id)
          .body("state", equalTo("ACTIVATING"))
          .body("slices[0].unknown_since", nullValue());
      ActivationScene.activateDue();

      scene.activation("order-1", id).body("state", equalTo("ACTIVATED"));
    }
    assertThat(scene.bound()).hasSize(2);
  }

  /**
   * Only its bar code is corrected, which no page promises to be told: what looks like the new
   * binding may be the old one.
   */
  @Test
  void a_correction_that_got_lost_is_not_taken_for_done_because_the_former_binding_looks_alike() {
    scene.activate("order-1", body(0, 9)).statusCode(201);
    scene.fails(ActivationScene.ACTIVATE, HANGS_UP, 1);
    Map<String, Object> corrected = body(0, 9, "product_code", "4006381333931");
    corrected.put("replace", true);
    String id = scene.activate("order-1", corrected).statusCode(202).extract().path("id");
    scene.fails(
        ActivationScene.QUERY,
        Map.of("kind", "answer", "set", Map.of(), "remove", List.of("product_code")),
        2);

    Time.passes(Duration.ofMinutes(1));
    ActivationScene.activateDue();
    ActivationScene.activateDue();

    scene.activation("order-1", id).body("state", equalTo("ACTIVATED"));
    scene.orders.sandbox.clearFaults();
    scene
        .lookUp(Map.of("isv_application_id", "order-1", "code_index", 0))
        .body("product_code", equalTo("4006381333931"));
  }

  @Test
  void a_question_without_an_answer_is_asked_again() {
    scene.fails(ActivationScene.ACTIVATE, LOSES_ITS_ANSWER, 1);
    String id = unknown(0, 9);
    scene.fails(ActivationScene.QUERY, HANGS_UP, 1);

    Time.passes(Duration.ofMinutes(1));
    ActivationScene.activateDue();
    scene.activation("order-1", id).body("slices[0].unknown_since", notNullValue());
    Time.passes(Duration.ofMinutes(2));
    ActivationScene.activateDue();

    scene.activation("order-1", id).body("state", equalTo("ACTIVATED"));
    assertThat(scene.bound()).hasSize(1);
  }

  /**
   * A node dies between its claim and its call, or before it could record what the call came to.
   */
  @Test
  void what_a_dead_node_may_have_sent_is_asked_about_by_another() {
    for (boolean sent : List.of(false, true)) {
      long start = sent ? 1_000 : 0;
      scene.fails(ActivationScene.ACTIVATE, errcode(45011), 1);
      String id =
          scene.activate("order-1", body(start, start + 9)).statusCode(202).extract().path("id");
      Time.passes(Duration.ofMinutes(3));
      List<ClaimedSlice> dead =
          database.transaction(
              connection -> SliceClaims.due(connection, clock.instant(), 10, "dead", LEASE));
      assertThat(dead).hasSize(1);
      SliceTurn late = null;
      if (sent) {
        late = calls.take(dead.getFirst(), Deadline.in(Duration.ofSeconds(5), Urgency.SYNC));
        assertThat(late.outcome()).isEqualTo("activated");
      }
      assertThat(ActivationScene.activateDue()).as("the lease holds").isZero();
      endLeases();

      assertThat(ActivationScene.activateDue()).isEqualTo(1);
      ActivationScene.activateDue();

      scene.activation("order-1", id).body("state", equalTo("ACTIVATED"));
      if (late != null) {
        assertThat(writer.writeAll(List.of(late))).as("the dead node's result").isEmpty();
      }
    }
    assertThat(scene.bound()).as("told once each").hasSize(2);
  }

  @Test
  void a_result_that_is_written_twice_changes_nothing() {
    scene.fails(ActivationScene.ACTIVATE, errcode(45011), 1);
    String id = scene.activate("order-1", body(0, 9)).statusCode(202).extract().path("id");
    Time.passes(Duration.ofMinutes(3));
    ClaimedSlice claimed =
        database
            .transaction(
                connection -> SliceClaims.due(connection, clock.instant(), 10, "test", LEASE))
            .getFirst();
    SliceTurn turn = calls.take(claimed, Deadline.in(Duration.ofSeconds(5), Urgency.SYNC));

    assertThat(writer.writeAll(List.of(turn))).containsExactly(turn);
    assertThat(writer.writeAll(List.of(turn))).containsExactly(turn);

    scene.activation("order-1", id).body("state", equalTo("ACTIVATED"));
    assertThat(scene.orders.history(scene.merchant, "order-1"))
        .filteredOn("activated"::equals)
        .hasSize(1);
  }

  @Test
  void what_a_person_must_mend_is_told_with_its_remedy_and_tried_when_it_is_mended() {
    scene.fails(ActivationScene.ACTIVATE, errcode(61007), 1);
    String id =
        scene
            .activate("order-1", body(0, 9))
            .statusCode(202)
            .body("blocked", equalTo(true))
            .body("last_error.errcode", equalTo(61007))
            .body("last_error.rid", equalTo("6-abc-def"))
            .body("last_error.remedy", containsString("46"))
            .extract()
            .path("id");
    assertThat(ActivationScene.activateDue()).isZero();

    scene.orders.authorize(scene.merchant, List.of(1, 2, 46));
    OrderScene.runDue();

    scene
        .activation("order-1", id)
        .body("state", equalTo("ACTIVATED"))
        .body("last_error", nullValue());
    assertThat(scene.orders.history(scene.merchant, "order-1"))
        .containsSubsequence("activation_requested", "activation_blocked", "activated");
  }

  @Test
  void what_wechat_refuses_is_over_and_its_codes_can_be_bound_otherwise() {
    scene.fails(ActivationScene.ACTIVATE, errcode(47001), 1);
    scene
        .activate("order-1", body(0, 9))
        .statusCode(422)
        .body("code", equalTo("wechat_refused"))
        .body("wechat.errcode", equalTo(47001));
    scene
        .list("order-1")
        .body("items.state", equalTo(List.of("REJECTED")))
        .body("items[0].last_error.errcode", equalTo(47001));

    scene.activate("order-1", body(0, 9)).statusCode(201);
  }

  @Test
  void a_quota_that_is_used_up_parks_activations_until_the_next_day() {
    scene.fails(ActivationScene.ACTIVATE, errcode(45009), 1);
    scene
        .activate("order-1", body(0, 9))
        .statusCode(202)
        .body("last_error.code", equalTo("quota_exhausted"));
    assertThat(calls("codeactive")).isEqualTo(1);

    scene
        .activate("order-1", body(10, 19))
        .statusCode(429)
        .header("Retry-After", notNullValue())
        .body("code", equalTo("quota_exhausted"));
    scene.list("order-1").body("items.size()", equalTo(1));
  }

  /**
   * The claim counts the first call; a question about the last code is counted before it is made.
   */
  @Test
  void calls_are_counted_as_wechat_counts_them() {
    scene.activate("order-1", body(49_990, 50_009)).statusCode(201);
    scene.fails(ActivationScene.ACTIVATE, LOSES_ITS_ANSWER, 1);
    unknown(0, 9);
    Time.passes(Duration.ofMinutes(1));
    ActivationScene.activateDue();

    assertThat(calls("codeactive")).isEqualTo(3);
    assertThat(calls("codeactivequery")).isEqualTo(2);
  }

  @Test
  void merchants_who_cannot_have_codes_cannot_bind_any() {
    scene.orders.authorize(scene.merchant, List.of(1));
    scene
        .activate("order-1", body(0, 9))
        .statusCode(409)
        .body("code", equalTo("permission_set_missing"));
    scene.orders.unauthorize(scene.merchant);
    scene
        .activate("order-1", body(0, 9))
        .statusCode(409)
        .body("code", equalTo("authorizer_revoked"));
    scene.list("order-1").body("items.size()", equalTo(0));
  }

  @Test
  void another_providers_activations_are_not_there() {
    String id = scene.activate("order-1", body(0, 9)).statusCode(201).extract().path("id");
    OrderScene stranger = OrderScene.open();

    stranger.get(scene.activations("order-1")).statusCode(404);
    stranger.get(scene.activations("order-1") + "/" + id).statusCode(404);
    stranger.get(OrderScene.application(scene.merchant, "order-1", "/accounting")).statusCode(404);
    stranger
        .asProvider()
        .body(body(10, 19))
        .post(scene.activations("order-1"))
        .then()
        .statusCode(404);
  }

  @Test
  void lists_go_on_where_a_page_ended() {
    List<String> ids = new ArrayList<>();
    for (long start = 0; start < 5; start++) {
      ids.addFirst(scene.activate("order-1", body(start, start)).extract().path("id"));
    }

    List<String> listed = new ArrayList<>();
    String next = "";
    while (next != null) {
      ValidatableResponse page =
          scene.orders.get(scene.activations("order-1") + "?limit=2" + next).statusCode(200);
      listed.addAll(page.extract().path("items.id"));
      String cursor = page.extract().path("next");
      next = cursor == null ? null : "&after=" + cursor;
    }

    assertThat(listed).isEqualTo(ids);
  }

  /** 400 ranges of WeChat's: the request sends the first, the loop the others. */
  @Test
  void a_batch_of_twenty_million_is_bound_and_accounted_for() {
    scene.finished("giant", 20_000_000);

    String id =
        scene
            .activate("giant", body(0, 19_999_998))
            .statusCode(202)
            .body("state", equalTo("ACTIVATING"))
            .body("slices.size()", equalTo(400))
            .extract()
            .path("id");
    scene
        .accounting("giant")
        .body("activated.codes", equalTo(800_000))
        .body("activating.ranges.size()", equalTo(384));
    ActivationScene.activateDue();

    scene.activation("giant", id).body("state", equalTo("ACTIVATED"));
    scene
        .accounting("giant")
        .statusCode(200)
        .body("code_count", equalTo(20_000_000))
        .body("free.codes", equalTo(0))
        .body("generated.codes", equalTo(1))
        .body("downloaded.codes", equalTo(0))
        .body("activated.codes", equalTo(19_999_999))
        .body("activating.codes", equalTo(0));
    scene.list("giant").body("items[0].codes_activated", equalTo(19_999_999));
  }

  @Test
  void before_its_codes_are_ready_an_application_is_free() {
    scene.orders.order(scene.merchant, "order-2", 10_000).statusCode(201);

    scene
        .accounting("order-2")
        .statusCode(200)
        .body("free.codes", equalTo(10_000))
        .body("free.ranges[0].code_end", equalTo(9_999))
        .body("generated.ranges.size()", equalTo(0));
    scene.accounting("order-3").statusCode(404);
  }

  /** Whose end nobody knows. */
  private String unknown(long codeStart, long codeEnd) {
    return scene
        .activate("order-1", body(codeStart, codeEnd))
        .statusCode(202)
        .body("state", equalTo("ACTIVATING"))
        .body("slices[0].unknown_since", notNullValue())
        .body("last_error.code", equalTo("outcome_unknown"))
        .extract()
        .path("id");
  }

  private long calls(String api) {
    ProviderId provider = directory.find(scene.orders.app.appid()).orElseThrow().id();
    return database.transaction(
        connection ->
            ApiQuotas.standing(
                    connection, new AuthorizerId(provider, scene.merchant), clock.instant())
                .get(api)
                .calls());
  }

  /** As if leases had run out; their holders do not know. */
  private void endLeases() {
    update(
        "update code_activation_slice set lease_until = now() - interval '1 second'"
            + " where lease_until is not null");
  }

  /** Leaves what other tests left waiting alone. */
  private void forgetAll() {
    update(
        "update code_activation_slice set state = 'REPLACED', next_attempt_at = null"
            + " where next_attempt_at is not null");
  }

  private void update(String statement) {
    database.transaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(statement)) {
            return update.executeUpdate();
          }
        });
  }

  private static List<Object> nulls(int count) {
    List<Object> nulls = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      nulls.add(null);
    }
    return nulls;
  }
}
