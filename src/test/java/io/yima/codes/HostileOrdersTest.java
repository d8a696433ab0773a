package io.yima.codes;

import static io.yima.codes.OrderScene.errcode;
import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.yima.database.WorkerDatabase;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Orders with any id, and from everywhere at once: one row, one application. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class HostileOrdersTest {

  private static final String SUBJECT = "Orders";
  private static final String ALL = "/api/v1/code-applications";
  private static final int THREADS = 20;

  @Inject WorkerDatabase database;

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
    scene.sandbox.settings(Map.of("isv_scope", "account"));
  }

  /** Addresses are sent as they are built, and the one in Location as it came. */
  @Test
  void any_id_goes_from_the_order_to_wechat_and_back_by_every_address() {
    List<String> ids =
        List.of(
            "a/b",
            "/",
            "//",
            "a/",
            "/a/../b",
            "a/./b",
            "a/history",
            "a/sync",
            "sync",
            "history",
            "batch",
            "100%",
            "%",
            "%2F",
            "a%2Fb",
            "%00",
            "%c3%28",
            "a b",
            "a+b",
            "a  b",
            "...",
            ".a.",
            "~-_.!*'()",
            "a?b=c&d#e;f=g",
            ";jsessionid=1",
            "{x}",
            "${x}",
            "#{x}",
            "\"q\"",
            "a\\b",
            "C:\\x",
            "'; drop table code_application; --",
            "<script>",
            "@:,=$^|`[]",
            "null",
            "0",
            "-1",
            "1e5",
            "批次 第一/二",
            "é",
            "e\u0301",
            "👍",
            "👨‍👩‍👧/👍🏽",
            "\u200bzero width\u200d",
            "\u202eright to left",
            "עברית عربي",
            "\uffff\ue000\ufeff.",
            "a".repeat(128),
            "码".repeat(128),
            "👍".repeat(128));

    for (String id : ids) {
      String location =
          scene
              .order(merchant, id)
              .statusCode(201)
              .body("isv_application_id", equalTo(id))
              .extract()
              .header("Location");
      scene.order(merchant, id).statusCode(200);
      scene.get(location).statusCode(200).body("isv_application_id", equalTo(id));
      scene.application(merchant, id).statusCode(200).body("isv_application_id", equalTo(id));
      String encoded = URLEncoder.encode(id, StandardCharsets.UTF_8);
      for (String query : List.of(encoded, encoded.replace("+", "%20"), everyByteEncoded(id))) {
        scene
            .get(ALL + "?isv_application_id=" + query)
            .statusCode(200)
            .body("items.isv_application_id", contains(id));
      }
      scene
          .get(OrderScene.applications(merchant) + "/" + everyByteEncoded(id) + "/history?limit=1")
          .statusCode(200)
          .body("items.kind", contains("requested"))
          .body("next", startsWith(""));
      assertThat(scene.history(merchant, id)).containsExactly("requested", "submitted");
      scene
          .post(merchant, id, "sync")
          .statusCode(200)
          .body("isv_application_id", equalTo(id))
          .body("last_error", equalTo(null));
      scene
          .post(merchant, id, "withdraw")
          .statusCode(409)
          .body("code", equalTo("application_already_sent"));
    }

    assertThat(scene.sandbox.applications(merchant))
        .extracting(application -> application.get("isv_application_id"))
        .containsExactlyInAnyOrderElementsOf(ids);
    Robustness.row(
        SUBJECT,
        "ids with /, %, blanks, dots, emoji, Chinese, … through eight addresses each",
        8L * ids.size(),
        "the same application everywhere, and the same text at WeChat");
  }

  @Test
  void an_id_that_cannot_be_one_stores_nothing() {
    List<String> ids =
        List.of(
            "",
            " ",
            " a",
            "a ",
            "\ta",
            "a\n",
            "\u3000a",
            "a\u00a0",
            "a\u2028",
            ".",
            "..",
            "a\u0000b",
            "\u0000",
            "a\r\nb",
            "a\u007fb",
            "a\u0085b",
            "\ud83d",
            "a\udc68b",
            "\udc68\ud83d",
            "a".repeat(129),
            "👍".repeat(129),
            "a".repeat(100_000));
    for (String id : ids) {
      // Every half of a pair is escaped, because as bytes it would not be UTF-8.
      String escaped =
          id.chars().mapToObj(unit -> String.format("\\u%04x", unit)).collect(joining());
      scene
          .asProvider()
          .body("{\"code_count\":10000,\"isv_application_id\":\"" + escaped + "\"}")
          .post(OrderScene.applications(merchant))
          .then()
          .statusCode(422)
          .body("errors.field", contains("isv_application_id"));
    }
    assertThat(scene.sandbox.applications(merchant)).isEmpty();
    scene.get(OrderScene.applications(merchant)).body("items", equalTo(List.of()));
    Robustness.row(
        SUBJECT,
        "ids with control characters, U+0000, halves of pairs, blanks around, . and .., too long",
        ids.size(),
        "422 naming the field, nothing stored, nothing sent");
  }

  @Test
  void twenty_orders_at_once_are_one_application() {
    List<Response> answers = together(i -> () -> ordered(merchant, "order-1", 10_000));

    assertThat(statuses(answers)).containsOnlyOnce(201).allMatch(Set.of(200, 201, 202)::contains);
    assertOneApplication("order-1", "requested");
    Robustness.row(
        SUBJECT, "one order from 20 threads", THREADS, "one row, one application, one 201");
  }

  @Test
  void twenty_counts_for_one_id_are_one_order_and_nineteen_conflicts() {
    List<Response> answers = together(i -> () -> ordered(merchant, "order-1", 10_000L * (i + 1)));

    assertThat(statuses(answers)).containsOnlyOnce(201);
    assertThat(Collections.frequency(statuses(answers), 409)).isEqualTo(THREADS - 1);
    assertOneApplication("order-1", "requested");
    long stored = scene.application(merchant, "order-1").extract().jsonPath().getLong("code_count");
    assertThat(scene.sandbox.applications(merchant).getFirst().get("code_count"))
        .hasToString(Long.toString(stored));
    Robustness.row(
        SUBJECT,
        "20 different counts for one id from 20 threads",
        THREADS,
        "one row, one application of the stored count, 19 times 409");
  }

  @Test
  void a_rejected_order_is_reopened_once_by_twenty() {
    scene.applyFails(errcode(47001), 1);
    scene.order(merchant, "order-1").statusCode(422);

    List<Response> answers = together(i -> () -> ordered(merchant, "order-1", 30_000));

    assertThat(statuses(answers)).containsOnlyOnce(201).allMatch(Set.of(200, 201, 202)::contains);
    assertThat(scene.history(merchant, "order-1")).containsOnlyOnce("reopened");
    assertOneApplication("order-1", "requested", "rejected", "reopened");
    Robustness.row(
        SUBJECT,
        "a rejected order again from 20 threads",
        THREADS,
        "reopened once, one application, one 201");
  }

  @Test
  void a_retry_without_an_id_never_buys_a_second_batch() {
    List<Response> answers =
        together(
            i ->
                () ->
                    scene
                        .asProvider()
                        .header("Idempotency-Key", "key 1")
                        .body(Map.of("code_count", 10_000))
                        .post(OrderScene.applications(merchant)));
    for (int i = 0; i < 3; i++) {
      answers.add(
          scene
              .asProvider()
              .header("Idempotency-Key", "key 1")
              .body(Map.of("code_count", 10_000))
              .post(OrderScene.applications(merchant)));
    }

    // 409: the first is still being answered.
    assertThat(statuses(answers)).contains(201).allMatch(Set.of(200, 201, 202, 409)::contains);
    assertThat(answers)
        .filteredOn(answer -> answer.statusCode() < 300)
        .extracting(answer -> answer.<String>path("isv_application_id"))
        .containsOnly(answers.getLast().<String>path("isv_application_id"));
    assertThat(scene.sandbox.applications(merchant)).hasSize(1);
    scene.get(OrderScene.applications(merchant)).body("items.size()", equalTo(1));
    Robustness.row(
        SUBJECT,
        "one Idempotency-Key without an id from 20 threads, and three times after",
        answers.size(),
        "one derived id, one row, one application");
  }

  @Test
  void the_same_id_is_an_order_of_its_own_for_each_merchant_and_provider() {
    String second = scene.merchant();
    OrderScene other = OrderScene.open();
    // The same account under two providers is two merchants.
    other.authorize(merchant, List.of(1, 46));

    Object first =
        scene.order(merchant, "order-1").statusCode(201).extract().path("application_id");
    Object next = scene.order(second, "order-1").statusCode(201).extract().path("application_id");
    Object elsewhere =
        other.order(merchant, "order-1", 20_000).statusCode(201).extract().path("application_id");

    assertThat(List.of(first, next, elsewhere)).doesNotHaveDuplicates();
    scene.application(merchant, "order-1").body("code_count", equalTo(10_000));
    other.application(merchant, "order-1").body("code_count", equalTo(20_000));
    other.application(second, "order-1").statusCode(404);
    Robustness.row(
        SUBJECT,
        "one id for two merchants and two providers",
        3,
        "three applications of their own");
  }

  /** Whether ids are unique within a merchant or within a platform is not documented. */
  @Test
  void where_wechat_takes_two_merchants_orders_for_one_it_is_told_and_not_recorded() {
    scene.sandbox.settings(Map.of("isv_scope", "platform"));
    String second = scene.merchant();
    scene.order(merchant, "order-1").statusCode(201);

    scene
        .order(second, "order-1")
        .statusCode(202)
        .body("application_id", equalTo(null))
        .body("stuck", equalTo(true))
        .body("last_error.code", equalTo("application_id_conflict"));
  }

  @Test
  void an_order_is_either_withdrawn_or_sent() {
    int rounds = 60;
    RandomGenerator random = new SplittableRandom(3);
    for (int round = 0; round < rounds; round++) {
      String id = "order-" + round;
      insertUnsentOrder(id);
      boolean byLoop = random.nextBoolean();
      int headStart = random.nextInt(400_000);
      List<Callable<Integer>> both = new ArrayList<>();
      both.add(() -> scene.post(merchant, id, "withdraw").extract().statusCode());
      both.add(
          () -> {
            spin(headStart);
            return byLoop
                ? OrderScene.syncDue()
                : scene.post(merchant, id, "sync").extract().statusCode();
          });
      Collections.shuffle(both, new Random(round));
      all(both);
      OrderScene.syncDue();

      String state = scene.application(merchant, id).extract().path("state");
      long sent = sentTimes(id);
      List<String> history = scene.history(merchant, id);
      assertThat(Map.of("state", state, "sent", sent))
          .as("round %d: %s", round, history)
          .isIn(Map.of("state", "WITHDRAWN", "sent", 0L), Map.of("state", "SUBMITTED", "sent", 1L));
      assertThat(history)
          .as("round %d", round)
          .containsExactly(state.equals("WITHDRAWN") ? "withdrawn" : "submitted");
    }
    Robustness.row(
        SUBJECT,
        "an order withdrawn while it is being sent, seeded",
        rounds,
        "withdrawn or sent, never both");
  }

  @Test
  void orders_while_the_loop_runs_are_sent_once_each() {
    int orders = 40;
    scene.fault(
        "/intp/marketcode/applycode",
        Map.of("kind", "lost_answer", "probability", 0.3, "seed", 5),
        30);
    AtomicBoolean ordering = new AtomicBoolean(true);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> loop =
          executor.submit(
              () -> {
                while (ordering.get()) {
                  OrderScene.syncDue();
                }
              });
      try {
        Callable<Integer> client =
            () -> {
              for (int i = 0; i < orders; i++) {
                assertThat(ordered(merchant, "order-" + i, 10_000).statusCode())
                    .isIn(200, 201, 202);
              }
              return orders;
            };
        all(List.of(client, client));
      } finally {
        ordering.set(false);
      }
      assertThat(loop).succeedsWithin(Duration.ofMinutes(2));
    }
    scene.sandbox.clearFaults();
    for (int i = 0; i < orders; i++) {
      scene.order(merchant, "order-" + i);
      OrderScene.syncDue();
      scene.order(merchant, "order-" + i).statusCode(200);
    }

    assertThat(scene.sandbox.applications(merchant)).hasSize(orders);
    assertThat(scene.get(ALL + "?limit=500").extract().<List<?>>path("items")).hasSize(orders);
    Robustness.row(
        SUBJECT,
        "40 orders, each from two threads while the loop runs and answers get lost",
        2L * orders,
        "40 rows, 40 applications");
  }

  private Response ordered(String appid, String id, long codeCount) {
    return scene
        .asProvider()
        .body(Map.of("code_count", codeCount, "isv_application_id", id))
        .post(OrderScene.applications(appid));
  }

  private static List<Integer> statuses(List<Response> answers) {
    return answers.stream().map(Response::statusCode).toList();
  }

  private void assertOneApplication(String id, String... history) {
    assertThat(scene.sandbox.applications(merchant)).hasSize(1);
    assertThat(sentTimes(id)).isEqualTo(1);
    assertThat(scene.history(merchant, id)).startsWith(history).contains("submitted");
    scene.get(OrderScene.applications(merchant)).body("items.size()", equalTo(1));
  }

  /** How often WeChat was asked for this application. */
  private long sentTimes(String id) {
    return scene.sandbox.applications(merchant).stream()
        .filter(application -> id.equals(application.get("isv_application_id")))
        .mapToLong(application -> ((Number) application.get("apply_calls")).longValue())
        .sum();
  }

  private interface Client {
    Callable<Response> number(int i);
  }

  private static List<Response> together(Client client) {
    return all(IntStream.range(0, THREADS).mapToObj(client::number).toList());
  }

  private static <T> List<T> all(List<Callable<T>> calls) {
    try (ExecutorService executor = Executors.newFixedThreadPool(calls.size())) {
      List<T> results = new ArrayList<>();
      for (Future<T> done : executor.invokeAll(calls)) {
        results.add(done.get());
      }
      return results;
    } catch (InterruptedException | ExecutionException e) {
      throw new AssertionError(e);
    }
  }

  private static void spin(int turns) {
    for (int i = 0; i < turns; i++) {
      Thread.onSpinWait();
    }
  }

  private static String everyByteEncoded(String id) {
    StringBuilder encoded = new StringBuilder();
    for (byte octet : id.getBytes(StandardCharsets.UTF_8)) {
      encoded.append(String.format("%%%02X", octet));
    }
    return encoded.toString();
  }

  /** As a request leaves it when no token was to be had: stored, due, and never sent. */
  private void insertUnsentOrder(String id) {
    database.transaction(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  """
                  insert into code_application (provider_id, authorizer_appid, isv_application_id,
                    code_count, state, requested_by, requested_at, progressed_at, next_sync_at,
                    generation, bucket)
                  select a.provider_id, a.authorizer_appid, ?, 10000, 'SUBMITTING', 'test',
                    now() - interval '1 minute', now() - interval '1 minute',
                    now() - interval '1 minute', 1, 0
                  from authorizer a where a.authorizer_appid = ?
                  """)) {
            insert.setString(1, id);
            insert.setString(2, merchant);
            return insert.executeUpdate();
          }
        });
  }
}
