package io.yima.codes;

import static io.yima.codes.OrderScene.errcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.yima.database.WorkerDatabase;
import io.yima.tenancy.ProviderTransactions;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import io.yima.wechat.Deadline;
import io.yima.wechat.Urgency;
import io.yima.work.Lease;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of an application after it was ordered. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class ApplicationSyncTest {

  @Inject WorkerDatabase database;
  @Inject ApplicationCalls calls;
  @Inject TurnWriter writer;
  @Inject Clock clock;
  @Inject ProviderTransactions transactions;

  @ConfigProperty(name = "quarkus.datasource.jdbc.max-size")
  int connections;

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
  void a_finished_application_has_its_ranges_and_is_left_alone() {
    scene.order(merchant, "order-1", 100_000).statusCode(201);

    Time.passes(Duration.ofHours(1));
    OrderScene.syncDue();

    scene
        .application(merchant, "order-1")
        .body("state", equalTo("FINISHED"))
        .body("status", equalTo("FINISH"))
        .body("code_generate_list.size()", greaterThan(0))
        .body("code_generate_list[0].code_start", equalTo(0))
        .body("code_generate_list[-1].code_end", equalTo(99_999))
        .body("finished_at", notNullValue())
        .body("next_sync_at", nullValue());
    assertThat(scene.history(merchant, "order-1"))
        .containsExactly("requested", "submitted", "status_changed", "finished");
  }

  @Test
  void applications_are_followed_while_callers_of_their_provider_hold_all_its_connections() {
    scene.order(merchant, "order-1").statusCode(201);
    Time.passes(Duration.ofHours(1));
    CountDownLatch over = new CountDownLatch(1);
    AtomicInteger holding = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < connections * 3 / 10; i++) {
        threads.execute(() -> transactions.run(scene.provider(), () -> hold(holding, over)));
      }
      try {
        await().until(() -> holding.get() == connections * 3 / 10);
        OrderScene.syncDue();
      } finally {
        over.countDown();
      }
    }

    scene.application(merchant, "order-1").body("state", equalTo("FINISHED"));
  }

  private static void hold(AtomicInteger holding, CountDownLatch over) {
    holding.incrementAndGet();
    try {
      over.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The database committed and its answer to that was lost: the recorder writes once more. */
  @Test
  void results_that_are_written_twice_change_nothing() {
    scene.order(merchant, "order-1").statusCode(201);
    Time.passes(Duration.ofHours(1));
    Lease lease = new Lease(Duration.ofSeconds(30), Duration.ofSeconds(5));
    List<Turn> turns =
        database
            .transaction(
                connection -> LedgerClaims.due(connection, clock.instant(), 500, "test", lease, 1))
            .stream()
            .map(
                claimed ->
                    calls.take(claimed, Deadline.in(Duration.ofSeconds(20), Urgency.INTERACTIVE)))
            .toList();
    writer.writeAll(turns);
    List<String> history = scene.history(merchant, "order-1");

    writer.writeAll(turns);

    scene
        .application(merchant, "order-1")
        .body("state", equalTo("FINISHED"))
        .body("stuck", equalTo(false))
        .body("last_error", nullValue());
    assertThat(scene.history(merchant, "order-1")).isEqualTo(history).contains("finished");
  }

  @Test
  void an_answer_without_a_status_is_no_news() {
    long id = applicationId(scene.order(merchant, "order-1"));
    script(id, "PROCESSING", null);
    Time.passes(Duration.ofMinutes(1));
    OrderScene.syncDue();
    List<String> history = scene.history(merchant, "order-1");

    script(id, null, Map.of("errcode", 0));
    Time.passes(Duration.ofMinutes(20));
    OrderScene.syncDue();

    scene.application(merchant, "order-1").body("status", equalTo("PROCESSING"));
    assertThat(scene.history(merchant, "order-1")).isEqualTo(history);
  }

  @Test
  void an_unknown_status_keeps_running() {
    script(applicationId(scene.order(merchant, "order-1")), "怪 STATUS", null);

    Time.passes(Duration.ofMinutes(1));
    OrderScene.syncDue();

    scene
        .application(merchant, "order-1")
        .body("state", equalTo("SUBMITTED"))
        .body("status", equalTo("怪 STATUS"))
        .body("next_sync_at", notNullValue());
    Time.passes(Duration.ofHours(7));
    scene.application(merchant, "order-1").body("stuck", equalTo(true));
  }

  @Test
  void an_answer_about_another_application_is_not_taken() {
    long id = applicationId(scene.order(merchant, "order-1"));
    script(id, null, Map.of("errcode", 0, "status", "FINISH", "application_id", id + 1000));

    Time.passes(Duration.ofMinutes(1));
    OrderScene.syncDue();

    scene
        .application(merchant, "order-1")
        .body("state", equalTo("SUBMITTED"))
        .body("last_error.code", equalTo("foreign_answer"));
  }

  @Test
  void not_being_found_right_after_the_order_loses_nothing() {
    scene.order(merchant, "order-1").statusCode(201);
    scene.queryFails(errcode(40097), 1);

    scene.post(merchant, "order-1", "sync").statusCode(200);
    scene
        .application(merchant, "order-1")
        .body("state", equalTo("SUBMITTED"))
        .body("stuck", equalTo(false))
        .body("last_error.errcode", equalTo(40097));
    Time.passes(Duration.ofMinutes(15));
    OrderScene.syncDue();

    scene.application(merchant, "order-1").body("state", equalTo("FINISHED"));
  }

  @Test
  void one_can_ask_at_once() {
    scene.order(merchant, "order-1").statusCode(201);

    scene
        .post(merchant, "order-1", "sync")
        .statusCode(200)
        .body("state", equalTo("SUBMITTED"))
        .body("status", notNullValue());
    scene.post(merchant, "order-2", "sync").statusCode(404);
  }

  @Test
  void what_a_dead_node_left_is_sent_by_another() {
    scene.order(merchant, "order-0").statusCode(201);
    insertIntentOfDeadNode("order-1");

    OrderScene.syncDue();

    scene.application(merchant, "order-1").body("state", equalTo("SUBMITTED"));
    assertThat(scene.sandbox.applications(merchant)).hasSize(2);
  }

  @Test
  void without_authorization_it_waits_blocked_and_does_not_spin() {
    scene.order(merchant, "order-1").statusCode(201);
    scene.unauthorize(merchant);
    Time.passes(Duration.ofMinutes(1));

    OrderScene.syncDue();
    scene
        .application(merchant, "order-1")
        .body("state", equalTo("SUBMITTED"))
        .body("stuck", equalTo(true))
        .body("last_error.code", equalTo("authorizer_revoked"));

    Time.passes(Duration.ofMinutes(50));
    OrderScene.syncDue();
    assertThat(scene.sandbox.applications(merchant).getFirst()).containsEntry("query_calls", 0);
    scene.authorize(merchant, List.of(1, 46));
    OrderScene.syncDue();
    scene.application(merchant, "order-1").body("state", equalTo("FINISHED"));
  }

  @Test
  void a_number_another_application_has_is_not_recorded_but_shown() {
    long id = applicationId(scene.order(merchant, "order-1"));
    update(
        "update code_application set application_id = " + (id + 1) + " where application_id = ?",
        id);

    scene
        .order(merchant, "order-2")
        .statusCode(202)
        .body("state", equalTo("SUBMITTING"))
        .body("application_id", nullValue())
        .body("stuck", equalTo(true))
        .body("last_error.code", equalTo("application_id_conflict"));
  }

  @Test
  void only_what_was_never_sent_can_be_withdrawn() {
    scene.order(merchant, "order-1").statusCode(201);
    scene
        .post(merchant, "order-1", "withdraw")
        .statusCode(409)
        .body("code", equalTo("application_already_sent"));

    // The token has run out and no other is to be had: nothing can leave.
    Time.passes(Duration.ofHours(3));
    scene.fault("/cgi-bin/component/*", errcode(-1), 20);
    scene.order(merchant, "order-2").statusCode(202).body("state", equalTo("SUBMITTING"));
    scene.post(merchant, "order-2", "withdraw").statusCode(200).body("state", equalTo("WITHDRAWN"));
    scene.post(merchant, "order-2", "withdraw").statusCode(200).body("state", equalTo("WITHDRAWN"));
    scene.sandbox.clearFaults();
    Time.passes(Duration.ofHours(1));
    OrderScene.runDue();
    OrderScene.runDue();

    scene.application(merchant, "order-2").body("state", equalTo("WITHDRAWN"));
    scene.order(merchant, "order-2", 20_000).statusCode(201);
    assertThat(scene.history(merchant, "order-2"))
        .containsExactly("requested", "submit_failed", "withdrawn", "reopened", "submitted");
  }

  private static long applicationId(ValidatableResponse order) {
    return order.extract().jsonPath().getLong("application_id");
  }

  private void script(
      long applicationId, @Nullable String status, @Nullable Map<String, ?> answer) {
    Map<String, @Nullable Object> script = new HashMap<>();
    script.put("status", status);
    script.put("answer", answer);
    scene.sandbox.control("PUT", "applications/" + applicationId, script);
  }

  private void insertIntentOfDeadNode(String isvApplicationId) {
    database.transaction(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  """
                  insert into code_application (provider_id, authorizer_appid, isv_application_id,
                    code_count, state, requested_by, requested_at, first_sent_at, progressed_at,
                    next_sync_at, generation, lease_owner, lease_until, bucket)
                  select provider_id, authorizer_appid, ?, code_count, 'SUBMITTING', requested_by,
                    requested_at, requested_at, requested_at, requested_at, 1, 'dead',
                    now() - interval '1 second', bucket
                  from code_application where authorizer_appid = ? and isv_application_id = 'order-0'
                  """)) {
            insert.setString(1, isvApplicationId);
            insert.setString(2, merchant);
            return insert.executeUpdate();
          }
        });
  }

  private void update(String statement, long parameter) {
    database.transaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(statement)) {
            update.setLong(1, parameter);
            return update.executeUpdate();
          }
        });
  }
}
