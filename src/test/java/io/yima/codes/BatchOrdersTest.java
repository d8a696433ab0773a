package io.yima.codes;

import static io.yima.codes.OrderScene.errcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import io.yima.authorizer.Authorizers;
import io.yima.codes.CodeApplication.Order;
import io.yima.database.WorkerDatabase;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderDirectory;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.Keys;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.Sandbox;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Batches in JSON: all of their orders are stored, or none. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class BatchOrdersTest {

  static final String BATCH = "/api/v1/code-applications/batch";

  @Inject Keys keys;
  @Inject WorkerDatabase database;
  @Inject ProviderDirectory directory;
  @Inject Authorizers authorizers;
  @Inject Clock clock;
  @Inject ApplicationSync sync;

  private OrderScene scene;
  private String merchant;
  private String other;

  @BeforeEach
  void open() {
    scene = OrderScene.open();
    merchant = scene.merchant();
    other = scene.merchant();
  }

  @AfterEach
  void mend() {
    scene.sandbox.clearFaults();
    database.transaction(
        connection -> {
          // A thousand applications would be asked about by every test that comes later.
          try (PreparedStatement update =
              connection.prepareStatement(
                  "update code_application set next_sync_at = null where provider_id in"
                      + " (select id from provider where component_appid = ?)")) {
            update.setString(1, scene.app.appid());
            return update.executeUpdate();
          }
        });
  }

  // ---- accepted --------------------------------------------------------------------------------

  @Test
  void orders_of_several_merchants_are_stored_and_then_sent_in_the_background() {
    ValidatableResponse answer =
        scene
            .asProvider()
            .header("Yima-Actor", "li.lei")
            .body(items(item(merchant, "a", 10_000), item(other, "a", 20_000, "春茶")))
            .post(BATCH)
            .then();

    answer
        .statusCode(202)
        .body("items.authorizer_appid", contains(merchant, other))
        .body("items.isv_application_id", contains("a", "a"))
        .body("items.outcome", contains("accepted", "accepted"))
        .body("items.state", contains("SUBMITTING", "SUBMITTING"));
    assertThat(scene.sandbox.applications(merchant)).isEmpty();
    scene
        .application(other, "a")
        .body("state", equalTo("SUBMITTING"))
        .body("label", equalTo("春茶"))
        .body("actor", equalTo("li.lei"))
        .body("attempts", nullValue())
        .body("stuck", equalTo(false));

    OrderScene.syncDue();

    scene.application(merchant, "a").body("state", equalTo("SUBMITTED"));
    scene.application(other, "a").body("state", equalTo("SUBMITTED"));
    assertThat(scene.sandbox.applications(other)).hasSize(1);
    assertThat(scene.history(other, "a")).containsExactly("requested", "submitted");
  }

  @Test
  void the_same_batch_again_changes_nothing() {
    Map<String, ?> body = items(item(merchant, "a", 10_000), item(other, "b", 10_000));
    batch(body).statusCode(202).body("items.outcome", everyItem(equalTo("accepted")));
    batch(body).statusCode(202).body("items.outcome", everyItem(equalTo("exists")));
    OrderScene.syncDue();

    batch(body).statusCode(202).body("items.state", contains("SUBMITTED", "SUBMITTED"));

    assertThat(scene.sandbox.applications(merchant)).hasSize(1);
    assertThat(scene.history(merchant, "a")).containsExactly("requested", "submitted");
  }

  @Test
  void an_order_that_nobody_is_at_is_woken_by_its_repetition() {
    scene.applyFails(errcode(-1), 1);
    scene.order(merchant, "a").statusCode(202);

    batch(items(item(merchant, "a", 10_000)))
        .statusCode(202)
        .body("items[0].outcome", equalTo("exists"));
    OrderScene.syncDue();

    scene.application(merchant, "a").body("state", equalTo("SUBMITTED"));
    assertThat(scene.history(merchant, "a"))
        .containsExactly("requested", "submit_failed", "woken", "submitted");
  }

  @Test
  void refused_and_withdrawn_orders_are_reopened_with_another_count() {
    scene.applyFails(errcode(40002), 1);
    scene.order(merchant, "refused").statusCode(422);
    batch(items(item(merchant, "withdrawn", 10_000))).statusCode(202);
    scene.post(merchant, "withdrawn", "withdraw").statusCode(200);

    batch(items(item(merchant, "refused", 20_000), item(merchant, "withdrawn", 30_000)))
        .statusCode(202)
        .body("items.outcome", contains("accepted", "accepted"));
    OrderScene.syncDue();

    scene
        .application(merchant, "refused")
        .body("state", equalTo("SUBMITTED"))
        .body("code_count", equalTo(20_000));
    scene
        .application(merchant, "withdrawn")
        .body("state", equalTo("SUBMITTED"))
        .body("code_count", equalTo(30_000));
    assertThat(scene.history(merchant, "refused"))
        .containsExactly("requested", "rejected", "reopened", "submitted");
  }

  @Test
  void nothing_was_sent_so_an_order_of_a_batch_can_be_withdrawn() {
    batch(items(item(merchant, "a", 10_000))).statusCode(202);

    scene.post(merchant, "a", "withdraw").statusCode(200).body("state", equalTo("WITHDRAWN"));
    OrderScene.syncDue();

    assertThat(scene.sandbox.applications(merchant)).isEmpty();
  }

  @Test
  void a_confirmed_order_of_a_merchant_who_left_is_there_all_the_same() {
    scene.order(merchant, "a").statusCode(201);
    scene.unauthorize(merchant);

    batch(items(item(merchant, "a", 10_000)))
        .statusCode(202)
        .body("items[0].outcome", equalTo("exists"));
  }

  @Test
  void a_used_up_quota_lets_orders_wait_and_refuses_no_batch() {
    scene.applyFails(errcode(45009), 1);
    scene.order(merchant, "first").statusCode(202);
    scene.order(merchant, "second").statusCode(429);

    batch(items(item(merchant, "second", 10_000))).statusCode(202);
    OrderScene.syncDue();

    scene
        .application(merchant, "second")
        .body("state", equalTo("SUBMITTING"))
        .body("last_error.code", equalTo("quota_exhausted"));
  }

  @Test
  void a_thousand_orders_are_taken_and_go_out_once_each() {
    List<Map<String, ?>> thousand =
        IntStream.range(0, 1_000)
            .<Map<String, ?>>mapToObj(
                i -> item(i % 2 == 0 ? merchant : other, "order-" + i, 10_000))
            .toList();

    batch(Map.of("items", thousand))
        .statusCode(202)
        .body("items.size()", equalTo(1_000))
        .body("items.outcome", everyItem(equalTo("accepted")));

    sendAll();
    assertThat(scene.sandbox.applications(merchant)).hasSize(500);
    assertThat(scene.sandbox.applications(other)).hasSize(500);
    Robustness.row(
        "Orders",
        "a batch of 1,000 orders for two merchants",
        1_000,
        "1,000 rows, 1,000 applications");
  }

  @Test
  void a_thousand_orders_take_as_few_statements_as_two() {
    ProviderId provider = directory.find(scene.app.appid()).orElseThrow().id();
    AuthorizerId authorizer = new AuthorizerId(provider, merchant);
    Order order = new Order(10_000, null, "test", null, clock.instant());
    List<PlacedOrder> orders =
        IntStream.range(0, 1_000)
            .mapToObj(i -> new PlacedOrder("", new ApplicationKey(authorizer, "o" + i), order))
            .toList();
    AtomicInteger statements = new AtomicInteger();

    // The first stores all, the second finds them there.
    for (int time = 0; time < 2; time++) {
      statements.set(0);
      BatchView view =
          database.transaction(
              connection ->
                  new BatchIntake(
                          counting(connection, statements),
                          orders,
                          authorizers.standings(provider, Set.of(authorizer)))
                      .store());
      assertThat(view.items()).hasSize(1_000);
      assertThat(statements).hasValueLessThanOrEqualTo(4);
    }
  }

  private static Connection counting(Connection connection, AtomicInteger statements) {
    return (Connection)
        Proxy.newProxyInstance(
            Connection.class.getClassLoader(),
            new Class<?>[] {Connection.class},
            (_, method, arguments) -> {
              if (method.getName().equals("prepareStatement")) {
                statements.incrementAndGet();
              }
              return method.invoke(connection, arguments);
            });
  }

  // ---- refused ---------------------------------------------------------------------------------

  static Stream<Arguments> brokenItems() {
    return Stream.of(
        Arguments.of(without("authorizer_appid"), "authorizer_appid"),
        Arguments.of(with("authorizer_appid", "not an appid"), "authorizer_appid"),
        Arguments.of(with("authorizer_appid", ""), "authorizer_appid"),
        Arguments.of(without("code_count"), "code_count"),
        Arguments.of(with("code_count", 10_001), "code_count"),
        Arguments.of(with("code_count", 0), "code_count"),
        Arguments.of(with("code_count", 20_010_000), "code_count"),
        Arguments.of(without("isv_application_id"), "isv_application_id"),
        Arguments.of(with("isv_application_id", ""), "isv_application_id"),
        Arguments.of(with("isv_application_id", ".."), "isv_application_id"),
        Arguments.of(with("isv_application_id", "a\u0000"), "isv_application_id"),
        Arguments.of(with("label", "line\nbreak"), "label"));
  }

  @ParameterizedTest
  @MethodSource("brokenItems")
  void one_broken_item_stores_nothing(Map<String, ?> broken, String field) {
    Map<String, Object> second = new HashMap<>(broken);
    second.computeIfPresent(
        "authorizer_appid", (_, appid) -> "MERCHANT".equals(appid) ? merchant : appid);

    batch(items(item(merchant, "good", 10_000), second))
        .statusCode(422)
        .body("code", equalTo("invalid"))
        .body("errors.field", contains("items[1]." + field));

    nothingIsStored();
  }

  @Test
  void all_that_is_wrong_is_told_at_once() {
    List<@Nullable Object> sent = new ArrayList<>();
    sent.add(item("?", "", 1));
    sent.add(null);
    sent.add(item(merchant, "twice", 10_000));
    sent.add(item(merchant, "twice", 20_000));
    sent.add(item(other, "twice", 10_000));

    batch(Map.of("items", sent))
        .statusCode(422)
        .body(
            "errors.field",
            contains(
                "items[0].authorizer_appid",
                "items[0].code_count",
                "items[0].isv_application_id",
                "items[1]",
                "items[3].isv_application_id"))
        .body("errors[4].message", equalTo("is the same order as items[2]"));

    nothingIsStored();
  }

  @Test
  void what_conflicts_with_what_is_stored_is_told_under_the_word_of_a_single_order() {
    String left = scene.merchant();
    scene.unauthorize(left);
    String without46 = scene.merchant();
    scene.authorize(without46, List.of(1));
    String subscription = subscriptionAccount();
    String foreign = OrderScene.open().merchant();
    scene.order(merchant, "taken", 20_000).statusCode(201);

    batch(
            items(
                item(merchant, "good", 10_000),
                item(left, "a", 10_000),
                item(without46, "a", 10_000),
                item(subscription, "a", 10_000),
                item(foreign, "a", 10_000),
                item("wx0nobody", "a", 10_000),
                item(merchant, "taken", 10_000)))
        .statusCode(422)
        .body(
            "errors.field",
            contains(
                "items[1].authorizer_appid",
                "items[2].authorizer_appid",
                "items[3].authorizer_appid",
                "items[4].authorizer_appid",
                "items[5].authorizer_appid",
                "items[6].isv_application_id"))
        .body(
            "errors.code",
            contains(
                "authorizer_revoked",
                "permission_set_missing",
                "account_type_unsupported",
                "authorizer_not_found",
                "authorizer_not_found",
                "isv_application_id_conflict"));

    scene.get("/api/v1/code-applications").body("items.isv_application_id", contains("taken"));
  }

  private String subscriptionAccount() {
    String appid = Sandbox.newAppid();
    scene.sandbox.account(Map.of("appid", appid, "nick_name", "订阅号", "service_type", 0));
    scene.authorize(appid, List.of(1, 46));
    return appid;
  }

  @Test
  void a_batch_has_1_to_1000_orders() {
    for (Object items : new Object[] {List.of(), thousandAndOne()}) {
      batch(Map.of("items", items)).statusCode(422).body("errors.field", contains("items"));
    }
    batch(Map.of()).statusCode(422).body("errors.field", contains("items"));

    nothingIsStored();
  }

  private List<Map<String, ?>> thousandAndOne() {
    return IntStream.rangeClosed(0, 1_000)
        .<Map<String, ?>>mapToObj(i -> item(merchant, "order-" + i, 10_000))
        .toList();
  }

  @Test
  void json_is_as_strict_within_items_as_elsewhere() {
    for (Map.Entry<String, String> odd :
        Map.of(
                "{\"items\":[{\"code_count\":\"10000\"}]}", "items[0].code_count",
                "{\"items\":[{},{\"code_count\":1.5}]}", "items[1].code_count",
                "{\"items\":[{\"cuont\":1}]}", "items[0].cuont",
                "{\"items\":[1]}", "items[0]",
                "{\"items\":[{\"label\":\"a\",\"label\":\"b\"}]}", "items[0].label",
                "{\"places\":[]}", "places",
                "{\"items\":{}}", "items")
            .entrySet()) {
      scene
          .asProvider()
          .body(odd.getKey())
          .post(BATCH)
          .then()
          .statusCode(400)
          .body("errors.field", contains(odd.getValue()));
    }
    scene.asProvider().post(BATCH).then().statusCode(400).body("code", equalTo("body_required"));
  }

  @Test
  void a_restricted_key_orders_for_its_own_merchants_only_and_learns_nothing_of_others() {
    String restricted = keys.newRestrictedKey(scene.app.appid(), List.of(merchant), "write");
    for (String appid : List.of(other, "wx0nobody", "not an appid")) {
      as(restricted, items(item(merchant, "a", 10_000), item(appid, "b", 1)))
          .statusCode(403)
          .body("code", equalTo("authorizer_not_allowed"));
    }
    nothingIsStored();

    as(restricted, items(item(merchant, "a", 10_000))).statusCode(202);
  }

  private static ValidatableResponse as(String key, Map<String, ?> body) {
    return RestAssured.given()
        .contentType("application/json")
        .header("Authorization", "Bearer " + key)
        .body(body)
        .post(BATCH)
        .then();
  }

  // ---- repeated, and at once -------------------------------------------------------------------

  @Test
  void an_idempotency_key_gives_the_first_answer_again() {
    Map<String, ?> body = items(item(merchant, "a", 10_000));
    for (String replayed : new String[] {null, "true", "true"}) {
      scene
          .asProvider()
          .header("Idempotency-Key", "batch-1")
          .body(body)
          .post(BATCH)
          .then()
          .statusCode(202)
          .header("Idempotency-Replayed", equalTo(replayed))
          .body("items[0].outcome", equalTo("accepted"));
    }
    scene
        .asProvider()
        .header("Idempotency-Key", "batch-1")
        .body(items(item(merchant, "b", 10_000)))
        .post(BATCH)
        .then()
        .statusCode(422)
        .body("code", equalTo("idempotency_key_reused"));
  }

  @Test
  void the_same_orders_from_everywhere_at_once_are_stored_once() throws Exception {
    int threads = 20;
    List<Map<String, ?>> orders =
        IntStream.range(0, 50)
            .<Map<String, ?>>mapToObj(i -> item(i % 2 == 0 ? merchant : other, "o" + i, 10_000))
            .toList();
    List<List<String>> outcomes =
        atOnce(
            threads,
            () -> batch(Map.of("items", orders)).statusCode(202).extract().path("items.outcome"));

    for (int i = 0; i < orders.size(); i++) {
      int order = i;
      assertThat(outcomes).extracting(one -> one.get(order)).containsOnlyOnce("accepted");
    }
    sendAll();
    assertThat(scene.sandbox.applications(merchant)).hasSize(25);
    assertThat(scene.sandbox.applications(other)).hasSize(25);
    Robustness.row(
        "Orders",
        "one batch of 50 orders from 20 threads",
        threads,
        "202; 50 rows, each accepted once; 50 applications");
  }

  @Test
  void overlapping_batches_with_other_counts_are_stored_whole_or_not_at_all() throws Exception {
    int threads = 20;
    List<Callable<Integer>> batches = new ArrayList<>();
    for (int i = 0; i < threads; i++) {
      int count = 10_000 * (i + 1);
      batches.add(
          () ->
              batch(items(item(merchant, "mine-" + count, count), item(merchant, "shared", count)))
                  .extract()
                  .statusCode());
    }
    List<Integer> statuses = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Integer> status : executor.invokeAll(batches)) {
        statuses.add(status.get());
      }
    }

    assertThat(statuses)
        .containsOnlyOnce(202)
        .filteredOn(status -> status == 422)
        .hasSize(threads - 1);
    scene.get(OrderScene.applications(merchant)).body("items", hasSize(2));
    Robustness.row(
        "Orders",
        "20 batches at once that share one id with 20 counts",
        threads,
        "one stored whole, 19 times 422 and nothing stored");
  }

  private static <T> List<T> atOnce(int threads, Supplier<T> call) throws Exception {
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<T>> futures =
          executor.invokeAll(
              IntStream.range(0, threads).<Callable<T>>mapToObj(_ -> call::get).toList());
      List<T> results = new ArrayList<>();
      for (Future<T> future : futures) {
        results.add(future.get());
      }
      return results;
    }
  }

  // ---- what the tests are made of --------------------------------------------------------------

  private ValidatableResponse batch(Map<String, ?> body) {
    return scene.asProvider().body(body).post(BATCH).then();
  }

  /** In pieces as large as a node's loop takes them. */
  private void sendAll() {
    int sent = 1;
    while (sent > 0) {
      sent = sync.runDue(100);
    }
  }

  private void nothingIsStored() {
    scene.get("/api/v1/code-applications").statusCode(200).body("items", hasSize(0));
  }

  private static Map<String, Object> items(Object... items) {
    return Map.of("items", List.of(items));
  }

  private static Map<String, ?> item(String appid, String id, long count) {
    return Map.of("authorizer_appid", appid, "isv_application_id", id, "code_count", count);
  }

  private static Map<String, ?> item(String appid, String id, long count, String label) {
    Map<String, Object> item = new HashMap<>(item(appid, id, count));
    item.put("label", label);
    return item;
  }

  private static Map<String, ?> with(String field, Object value) {
    Map<String, Object> item = new HashMap<>(item("MERCHANT", "second", 10_000));
    item.put(field, value);
    return item;
  }

  private static Map<String, ?> without(String field) {
    Map<String, Object> item = new HashMap<>(item("MERCHANT", "second", 10_000));
    item.remove(field);
    return item;
  }
}
