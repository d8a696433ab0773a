package io.yima.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.yima.codes.OrderScene;
import io.yima.sandbox.PrintedCodes;
import io.yima.secrets.Secret;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import io.yima.wechat.EncryptedCodes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Codes that are ready, at the gateway: activated, looked up, scanned, downloaded. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class GatewayCodesTest {

  private static final String SUBJECT = "Gateway";
  private static final String ACTIVATE = "/intp/marketcode/codeactive";
  private static final String QUERY = "/intp/marketcode/codeactivequery";
  private static final String EXCHANGE = "/intp/marketcode/tickettocode";
  private static final String DOWNLOAD = "/intp/marketcode/applycodedownload";
  private static final String APPLY = "/intp/marketcode/applycode";
  private static final String OPENID = "oLVPpjqs9BhvzwPj5A-vTYAX3GLc";
  private static final Map<String, Object> LOSES_ITS_ANSWER = Map.of("kind", "lost_answer");
  private static final Map<String, Object> HANGS_UP = Map.of("kind", "reset");

  private GatewayScene scene;
  private String token;
  private long id;

  @BeforeEach
  void open() {
    scene = new GatewayScene();
    id = scene.finished("tea-1", 100_000);
    token = scene.token();
  }

  @AfterEach
  void mend() {
    scene.orders.sandbox.settings(
        Map.of("inactive_code", "empty", "reactivation", "overwrite", "code_padding", 32));
    scene.orders.sandbox.clearFaults();
  }

  private int activate(String body) {
    return scene.call(token, ACTIVATE, body).getInt("errcode");
  }

  private String atGateway(String path, String body) {
    return given()
        .queryParam("access_token", token)
        .body(body)
        .post("/gateway/" + scene.merchant + path)
        .asString();
  }

  private List<Map<String, Object>> bound() {
    List<Map<String, Object>> bound = new ArrayList<>();
    for (Map<String, Object> application : scene.applications()) {
      @SuppressWarnings("unchecked")
      List<Map<String, Object>> of = (List<Map<String, Object>>) application.get("bound");
      bound.addAll(of);
    }
    return bound;
  }

  private JsonPath activations() {
    return scene
        .orders
        .get(OrderScene.application(scene.merchant, "tea-1", "/activations"))
        .extract()
        .jsonPath();
  }

  private String activityOf(long codeIndex) {
    return scene.call(token, QUERY, index(id, codeIndex)).getString("activity_name");
  }

  private static String index(long applicationId, long codeIndex) {
    return "{\"application_id\":%d,\"code_index\":%d}".formatted(applicationId, codeIndex);
  }

  @Test
  void an_activation_is_one_of_the_ledger_and_the_same_call_is_the_same_activation() {
    assertThat(activate(GatewayScene.activation(id, 40_000, 60_000))).isZero();
    assertThat(activate(GatewayScene.activation(id, 40_000, 60_000))).isZero();
    // Numbers as texts, and nothing said of wxa_type: the same.
    assertThat(
            activate(
                GatewayScene.activation(id, 40_000, 60_000, "code_end", "60000")
                    .replace("\"application_id\":" + id, "\"application_id\":\"" + id + "\"")))
        .isZero();

    assertThat(bound())
        .extracting(one -> one.get("code_start") + " to " + one.get("code_end"))
        .containsExactlyInAnyOrder("40000 to 49999", "50000 to 60000");
    assertThat(activations().getList("items.state")).containsExactly("ACTIVATED");
    assertThat(activations().getString("items[0].requested_by")).startsWith("shop");
    assertThat(scene.audit("codes.activated").getList("items.detail"))
        .containsExactly("codes 40000 to 60000");
  }

  @Test
  void an_answer_that_got_lost_is_minus_one_and_the_same_call_settles_it() {
    scene.fails(ACTIVATE, LOSES_ITS_ANSWER);
    String done = GatewayScene.activation(id, 0, 9);
    assertThat(activate(done)).isEqualTo(-1);
    assertThat(activate(done)).isZero();
    assertThat(bound()).as("told once").hasSize(1);

    for (String inactive : List.of("empty", "error")) {
      scene.orders.sandbox.settings(Map.of("inactive_code", inactive));
      scene.fails(ACTIVATE, HANGS_UP);
      long start = inactive.equals("empty") ? 100 : 200;
      String undone = GatewayScene.activation(id, start, start + 9);
      assertThat(activate(undone)).isEqualTo(-1);
      assertThat(activate(undone)).as("asked, and told again").isZero();
    }

    assertThat(bound()).hasSize(3);
    assertThat(activations().getList("items.state")).containsOnly("ACTIVATED").hasSize(3);
    assertThat(scene.orders.history(scene.merchant, "tea-1")).contains("woken");
  }

  @Test
  void an_answer_that_keeps_us_waiting_is_minus_one_and_what_it_said_is_kept() {
    String body = GatewayScene.activation(id, 0, 9);
    scene.fails(ACTIVATE, Map.of("kind", "held"));
    scene.fails(QUERY, Map.of("kind", "held"));

    assertThat(activate(body)).isEqualTo(-1);
    assertThat(scene.call(token, QUERY, index(id, 0)).getInt("errcode")).isEqualTo(-1);
    scene.orders.sandbox.clearFaults();

    await().atMost(Duration.ofMinutes(1)).until(() -> activate(body) == 0);
    assertThat(bound()).hasSize(1);
    assertThat(activityOf(0)).isEqualTo("春茶季");
  }

  @Test
  void the_same_call_eight_times_at_once_is_one_activation() throws Exception {
    String body = GatewayScene.activation(id, 0, 60_000);
    List<Integer> errcodes = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> calls = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        calls.add(threads.submit(() -> activate(body)));
      }
      for (Future<Integer> call : calls) {
        errcodes.add(call.get());
      }
    }

    assertThat(errcodes).contains(0).allMatch(errcode -> errcode == 0 || errcode == -1);
    assertThat(activate(body)).isZero();
    assertThat(activations().getList("items.id")).hasSize(1);
    assertThat(bound()).hasSize(2);
    Robustness.row(
        SUBJECT,
        "the same activation, eight times at once",
        errcodes.size(),
        "errcode 0, or -1 while the first is under way; stored once, WeChat told once");
  }

  @Test
  void exactly_the_codes_of_the_one_before_are_bound_anew_and_other_overlaps_are_refused() {
    String spring = GatewayScene.activation(id, 0, 59_999);
    assertThat(activate(spring)).isZero();

    List<String> overlaps =
        List.of(
            GatewayScene.activation(id, 59_999, 69_999),
            GatewayScene.activation(id, 0, 59_998, "activity_name", "秋茶季"),
            GatewayScene.activation(id, 0, 60_000),
            GatewayScene.activation(id, 7, 7));
    for (String overlap : overlaps) {
      JsonPath answer = scene.call(token, ACTIVATE, overlap);
      assertThat(answer.getInt("errcode")).as(overlap).isEqualTo(40002);
      assertThat(answer.getString("errmsg")).contains("codes ").contains("replace");
    }
    assertThat(activityOf(7)).isEqualTo("春茶季");
    String autumn = GatewayScene.activation(id, 0, 59_999, "activity_name", "秋茶季");
    assertThat(activate(autumn)).isZero();
    assertThat(activityOf(7)).isEqualTo("秋茶季");
    assertThat(activations().getList("items.replace")).containsExactly(true, false);
    assertThat(activate(spring)).as("once more, after another came between").isZero();
    assertThat(activityOf(7)).isEqualTo("春茶季");
    assertThat(activations().getList("items.replace")).containsExactly(true, true, false);
    Robustness.row(
        SUBJECT,
        "activations that overlap another and are not for exactly its codes",
        overlaps.size(),
        "errcode 40002, nothing stored, WeChat not told");
  }

  @Test
  void where_wechat_binds_nothing_anew_its_number_is_told_and_the_former_binding_stands() {
    scene.orders.sandbox.settings(Map.of("reactivation", "error"));
    assertThat(activate(GatewayScene.activation(id, 0, 9))).isZero();

    scene.fails(ACTIVATE, OrderScene.errcode(40002));
    assertThat(activate(GatewayScene.activation(id, 0, 9, "activity_name", "秋茶季")))
        .isEqualTo(40002);

    assertThat(activityOf(0)).isEqualTo("春茶季");
    assertThat(activate(GatewayScene.activation(id, 0, 9))).as("the former again").isZero();
    assertThat(bound()).hasSize(1);
  }

  @Test
  void a_bar_code_under_review_is_errcode_1_until_it_is_known() {
    scene.orders.sandbox.control(
        "POST", "bar-codes", Map.of("product_code", "96385074", "registered", false));
    String body = GatewayScene.activation(id, 0, 9, "product_code", "96385074");

    JsonPath first = scene.call(token, ACTIVATE, body);
    assertThat(first.getInt("errcode")).isEqualTo(1);
    assertThat(first.getString("errmsg")).contains("article numbering centre");
    scene.fails(ACTIVATE, OrderScene.errcode(40002));
    assertThat(activate(body)).as("WeChat is not asked again").isEqualTo(1);
    scene.orders.sandbox.clearFaults();
    assertThat(activate(GatewayScene.activation(id, 0, 9))).as("corrected").isZero();

    assertThat(activations().getList("items.state")).containsExactly("ACTIVATED", "REPLACED");
  }

  @Test
  void what_wechat_refused_in_part_is_told_and_sent_again_by_the_same_call() {
    String body = GatewayScene.activation(id, 40_000, 60_000);
    scene.fails(ACTIVATE, OrderScene.errcode(40002));

    assertThat(activate(body)).isEqualTo(40002);
    assertThat(activations().getList("items.state")).containsExactly("PARTLY_ACTIVATED");
    assertThat(bound()).hasSize(1);
    assertThat(activate(body)).isZero();

    assertThat(activations().getList("items.state")).containsExactly("ACTIVATED");
    assertThat(bound()).hasSize(2);
  }

  @Test
  void what_a_person_has_to_mend_is_told_by_its_number_and_tried_again_by_the_same_call() {
    String body = GatewayScene.activation(id, 0, 9);
    for (int errcode : List.of(48001, 45011, 40097)) {
      scene.fails(ACTIVATE, OrderScene.errcode(errcode));
      assertThat(activate(body)).isEqualTo(errcode);
    }
    assertThat(activate(body)).isZero();
    scene.fails(ACTIVATE, OrderScene.errcode(45009));
    assertThat(activate(GatewayScene.activation(id, 10, 19))).isEqualTo(45009);
    assertThat(activate(GatewayScene.activation(id, 20, 29)))
        .as("known to be used up: nothing is stored")
        .isEqualTo(45009);
    assertThat(activations().getList("items.id")).hasSize(2);
  }

  @Test
  void codes_that_are_not_ready_are_not_activated() {
    long young = scene.call(token, APPLY, GatewayScene.order("young")).getLong("application_id");

    assertThat(activate(GatewayScene.activation(young, 0, 9))).isEqualTo(40002);
    Time.passes(Duration.ofMinutes(20));
    assertThat(activate(GatewayScene.activation(young, 0, 9)))
        .as("WeChat has made them meanwhile, which nobody had asked")
        .isZero();
  }

  @Test
  void an_application_from_before_yima_is_passed_on_and_nothing_of_it_is_kept() {
    long old = old();
    String body = GatewayScene.activation(old, 0, 9);

    scene.fails(ACTIVATE, LOSES_ITS_ANSWER);
    assertThat(activate(body)).isEqualTo(-1);
    assertThat(activate(body)).isZero();

    assertThat(bound()).as("told twice, as an SDK does without Yima").hasSize(2);
    assertThat(activations().getList("items.id")).isEmpty();
    assertThat(scene.audit("gateway.forwarded").getList("items.detail")).containsOnly(ACTIVATE);
    assertThat(scene.call(token, QUERY, index(old, 0)).getString("activity_name")).isEqualTo("春茶季");
    assertThat(activate(GatewayScene.activation(1, 0, 9))).isEqualTo(40097);
    assertThat(atGateway(DOWNLOAD, GatewayScene.range(old, 0, 9)))
        .isEqualTo(scene.wechat(DOWNLOAD, GatewayScene.range(old, 0, 9)));
    assertThat(scene.audit("codes.read").getString("items[0].detail"))
        .isEqualTo("application_id " + old + ", 0..9 as encrypted");
  }

  /** Ordered past Yima. */
  private long old() {
    long old =
        JsonPath.from(scene.wechat(APPLY, GatewayScene.order("old"))).getLong("application_id");
    Time.passes(Duration.ofMinutes(20));
    return old;
  }

  @Test
  void a_code_is_told_word_for_word_however_it_is_named() {
    activate(GatewayScene.activation(id, 0, 9));
    String told = scene.wechat(QUERY, index(id, 0));
    String code = JsonPath.from(told).getString("code");

    for (String reference :
        List.of(
            index(id, 0),
            "{\"application_id\":\"%d\",\"code_index\":\"0\"}".formatted(id),
            "{\"code\":\"" + code + "\"}",
            "{\"code_url\":\"" + PrintedCodes.url(id, 0) + "\"}",
            "{\"application_id\":0,\"code_index\":0,\"code\":\"%s\",\"code_url\":\"\"}"
                .formatted(code))) {
      assertThat(atGateway(QUERY, reference)).as(reference).isEqualTo(told);
    }
    assertThat(atGateway(QUERY, index(id, 50))).isEqualTo(scene.wechat(QUERY, index(id, 50)));
    scene.fails(
        QUERY, Map.of("kind", "answer", "set", Map.of("new_field", Map.of("a", List.of(1, "二")))));
    assertThat(scene.call(token, QUERY, index(id, 0)).getString("new_field.a[1]")).isEqualTo("二");
    assertThat(scene.audit("code.looked_up").getList("items.detail"))
        .contains("application_id %d, code_index 0".formatted(id))
        .noneMatch(detail -> String.valueOf(detail).contains(code));
  }

  @Test
  void a_ticket_is_exchanged_word_for_word_and_its_two_refusals_are_wechats() {
    activate(GatewayScene.activation(id, 0, 9));
    String body = exchange(OPENID, scene.ticket(id, 0, OPENID));

    assertThat(atGateway(EXCHANGE, body)).isEqualTo(scene.wechat(EXCHANGE, body));
    JsonPath openid = scene.call(token, EXCHANGE, exchange("oNobody", "t"));
    JsonPath ticket = scene.call(token, EXCHANGE, exchange(OPENID, "t"));

    assertThat(openid.getInt("errcode")).isEqualTo(40097);
    assertThat(openid.getString("errmsg")).startsWith("invalid openid");
    assertThat(ticket.getInt("errcode")).isEqualTo(40097);
    assertThat(ticket.getString("errmsg")).startsWith("invalid code_ticket");
    assertThat(scene.audit("ticket.exchanged").getList("items.id")).hasSize(3);
  }

  private static String exchange(String openid, String ticket) {
    return GatewayScene.json(Map.of("openid", openid, "code_ticket", ticket));
  }

  @Test
  void a_package_is_wechats_to_the_byte_however_large_and_opens_with_the_merchants_key() {
    String range = GatewayScene.range(id, 50_000, 99_999);
    for (int padding : List.of(16, 32)) {
      scene.orders.sandbox.settings(Map.of("code_padding", padding));
      String answer = atGateway(DOWNLOAD, range);
      assertThat(answer).hasSizeGreaterThan(4 << 20).isEqualTo(scene.wechat(DOWNLOAD, range));
      String key = scene.orders.sandbox.account(scene.merchant).getString("code_key");
      EncryptedCodes.Opened opened =
          new EncryptedCodes(JsonPath.from(answer).getString("buffer")).open(Secret.of(key));
      assertThat(opened)
          .isInstanceOfSatisfying(
              EncryptedCodes.Opened.Text.class,
              text ->
                  assertThat(StandardCharsets.US_ASCII.decode(text.bytes()).toString().lines())
                      .hasSize(50_000));
    }
    JsonPath read = scene.audit("codes.read");
    assertThat(read.getString("items[0].object")).isEqualTo("tea-1");
    assertThat(read.getString("items[0].detail")).isEqualTo("50000..99999 as encrypted");
    scene
        .orders
        .get("/api/v1/authorizers/" + scene.merchant + "/quota")
        .body("apis.find { it.cgi_path == '" + DOWNLOAD + "' }.calls", equalTo(2));
  }

  /** Each takes many megabytes while it passes. */
  @Test
  void of_five_downloads_at_once_that_take_long_one_is_told_to_come_again() throws Exception {
    String range = GatewayScene.range(id, 0, 9);
    scene.orders.fault(DOWNLOAD, Map.of("kind", "held", "appid", scene.merchant), 5);
    List<String> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletionService<String> calls = new ExecutorCompletionService<>(threads);
      for (int i = 0; i < 5; i++) {
        calls.submit(() -> atGateway(DOWNLOAD, range));
      }
      answers.add(calls.take().get());
      scene.orders.sandbox.clearFaults();
      for (int i = 1; i < 5; i++) {
        answers.add(calls.take().get());
      }
    }

    assertThat(JsonPath.from(answers.getFirst()).getInt("errcode")).isEqualTo(-1);
    assertThat(answers.getFirst()).contains("Too many downloads");
    assertThat(answers.subList(1, 5)).containsOnly(scene.wechat(DOWNLOAD, range));
  }

  @Test
  void ranges_that_are_not_ready_cost_no_call() {
    List<String> ranges =
        List.of(
            GatewayScene.range(id, 5, 4),
            GatewayScene.range(id, -1, 4),
            GatewayScene.range(id, 0, 100_000),
            GatewayScene.range(id, 99_999, 100_000),
            GatewayScene.range(id, 100_000, 100_000),
            GatewayScene.range(id, 0, Long.MAX_VALUE));
    for (String range : ranges) {
      assertThat(scene.call(token, DOWNLOAD, range).getInt("errcode")).as(range).isEqualTo(40002);
    }
    assertThat(scene.applications().getFirst()).containsEntry("download_calls", 0);
    assertThat(scene.audit("codes.read").getList("items")).isEmpty();
    Robustness.row(
        SUBJECT,
        "downloads of ranges reversed, negative, outside",
        ranges.size(),
        "errcode 40002, no call, nothing in the audit trail");
  }

  @Test
  void an_answer_that_does_not_come_is_minus_one_and_the_same_call_is_answered() {
    activate(GatewayScene.activation(id, 0, 9));
    Map<String, String> calls = new LinkedHashMap<>();
    calls.put(QUERY, index(id, 0));
    calls.put(EXCHANGE, exchange(OPENID, scene.ticket(id, 0, OPENID)));
    calls.put(DOWNLOAD, GatewayScene.range(id, 0, 9));
    int tried = 0;
    for (Map.Entry<String, String> call : calls.entrySet()) {
      for (String kind : List.of("lost_answer", "reset", "broken_body", "truncated_body", "http")) {
        scene.fails(call.getKey(), Map.of("kind", kind, "status", 502));
        assertThat(scene.call(token, call.getKey(), call.getValue()).getInt("errcode"))
            .as("%s %s", call.getKey(), kind)
            .isEqualTo(-1);
        assertThat(atGateway(call.getKey(), call.getValue()))
            .isEqualTo(scene.wechat(call.getKey(), call.getValue()));
        tried++;
      }
      scene.fails(call.getKey(), OrderScene.errcode(45009));
      for (int i = 0; i < 2; i++) {
        assertThat(scene.call(token, call.getKey(), call.getValue()).getInt("errcode"))
            .as("used up, and known to be so")
            .isEqualTo(45009);
      }
    }
    Robustness.row(
        SUBJECT,
        "answers to a look-up, an exchange and a download lost, broken, cut off, HTTP 502",
        tried,
        "errcode -1; the same call again is answered as WeChat does");
  }

  @Test
  void bodies_that_make_no_sense_have_a_number_and_leave_nothing_behind() {
    List<String> unreadable = new ArrayList<>();
    for (String path : List.of(ACTIVATE, QUERY, EXCHANGE, DOWNLOAD)) {
      for (String body : List.of("null", "[]", "\"x\"", "{", "{}{}", "{}", "<xml/>", "\u0000")) {
        assertThat(scene.call(token, path, body).getInt("errcode"))
            .as("%s %s", path, body)
            .isEqualTo(47001);
        unreadable.add(body);
      }
    }
    for (String field :
        List.of("activity_name", "product_code", "wxa_appid", "wxa_path", "code_start")) {
      for (Object value : new Object[] {true, 1.5, List.of(), Map.of(), ""}) {
        String body = GatewayScene.activation(id, 0, 9, field, value);
        assertThat(activate(body)).as(body).isEqualTo(47001);
        unreadable.add(body);
      }
    }
    List<String> wrong =
        List.of(
            GatewayScene.activation(id, 5, 4),
            GatewayScene.activation(id, -1, 4),
            GatewayScene.activation(id, 0, 100_000),
            GatewayScene.activation(id, 0, 20_000_000),
            GatewayScene.activation(id, 0, 9, "product_code", "6901234567893"),
            GatewayScene.activation(id, 0, 9, "product_code", "012345678905"),
            GatewayScene.activation(id, 0, 9, "activity_name", " "),
            GatewayScene.activation(id, 0, 9, "activity_name", "x".repeat(129)),
            GatewayScene.activation(id, 0, 9, "product_title", "a\u0000b"),
            GatewayScene.activation(id, 0, 9, "wxa_appid", "no appid"),
            GatewayScene.activation(id, 0, 9, "wxa_path", "a\nb"),
            GatewayScene.activation(id, 0, 9, "wxa_type", 3),
            GatewayScene.activation(id, 0, 9, "wxa_type", 1L << 32));
    for (String body : wrong) {
      assertThat(activate(body)).as(body).isEqualTo(40002);
    }
    List<String> noCode =
        List.of(
            index(id, -1),
            "{\"application_id\":0,\"code_index\":0}",
            "{\"code\":\"" + "x".repeat(17) + "\"}",
            "{\"code_url\":\"a\\u0000b\"}");
    for (String body : noCode) {
      assertThat(scene.call(token, QUERY, body).getInt("errcode")).as(body).isEqualTo(40002);
    }
    assertThat(scene.call(token, QUERY, index(id, 100_000)).getInt("errcode")).isEqualTo(40097);
    assertThat(scene.call(token, EXCHANGE, exchange(OPENID, "x".repeat(257))).getInt("errcode"))
        .isEqualTo(40002);

    assertThat(activations().getList("items")).isEmpty();
    assertThat(bound()).isEmpty();
    Robustness.row(
        SUBJECT,
        "activations, look-ups, exchanges and downloads that are none, or break a rule",
        unreadable.size() + wrong.size() + noCode.size() + 2,
        "WeChat's number, nothing stored");
  }

  @Test
  void a_foreign_merchants_token_opens_nothing() {
    GatewayScene stranger = new GatewayScene();
    String foreign = stranger.token();
    activate(GatewayScene.activation(id, 0, 9));
    Map<String, String> calls = new LinkedHashMap<>();
    calls.put(ACTIVATE, GatewayScene.activation(id, 10, 19));
    calls.put(QUERY, index(id, 0));
    calls.put(EXCHANGE, exchange(OPENID, scene.ticket(id, 0, OPENID)));
    calls.put(DOWNLOAD, GatewayScene.range(id, 0, 9));
    calls.forEach(
        (path, body) -> {
          assertThat(scene.call(foreign, path, body).getInt("errcode"))
              .as("his token at our address: %s", path)
              .isEqualTo(40001);
          assertThat(stranger.call(foreign, path, body).getInt("errcode"))
              .as("our application at his address: %s", path)
              .isEqualTo(40097);
        });
    assertThat(bound()).as("none but our own").hasSize(1);
    Robustness.row(
        SUBJECT,
        "a foreign merchant's token, and a foreign merchant's application, ticket and codes",
        2 * calls.size(),
        "errcode 40001, or WeChat's 40097; nothing told, nothing bound");
  }
}
