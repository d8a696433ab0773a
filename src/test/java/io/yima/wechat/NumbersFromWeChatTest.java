package io.yima.wechat;

import static io.restassured.RestAssured.given;
import static io.yima.codes.OrderScene.errcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.yima.codes.OrderScene;
import io.yima.secrets.Secret;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import io.yima.wechat.WeChatResult.Failed;
import io.yima.wechat.WeChatResult.Success;
import io.yima.work.LastError;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What WeChat may answer instead of what its pages say: no token is lost, no loop wedged. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class NumbersFromWeChatTest {

  private static final String SUBJECT = "Numbers from WeChat";
  private static final String COMPONENT = "/cgi-bin/component/";
  private static final String COMPONENT_TOKEN = COMPONENT + "api_component_token";
  private static final String QUERY_AUTH = COMPONENT + "api_query_auth";
  private static final String REFRESH = COMPONENT + "api_authorizer_token";
  private static final String LIST = COMPONENT + "api_get_authorizer_list";
  private static final String INFO = COMPONENT + "api_get_authorizer_info";
  private static final String PRE_AUTH = COMPONENT + "api_create_preauthcode";
  private static final String APPLY = "/intp/marketcode/applycode";
  private static final String QUERY = "/intp/marketcode/applycodequery";

  private static final String ABSENT = "(absent)";
  private static final Duration USUAL = Duration.ofSeconds(7_200);

  /** What expires_in may be, and the life that is believed. */
  private static final Map<Object, Duration> LIVES = new LinkedHashMap<>();

  static {
    LIVES.put(1, Duration.ofSeconds(1));
    LIVES.put(86_400, Duration.ofHours(24));
    LIVES.put("600", Duration.ofSeconds(600));
    for (Object odd :
        new Object[] {
          0,
          -1,
          -7_200,
          86_401,
          1_000_000_000_000L,
          7_200.5,
          "",
          "soon",
          "0x10",
          true,
          List.of(),
          Map.of(),
          "9223372036854775808",
          ABSENT
        }) {
      LIVES.put(odd, USUAL);
    }
  }

  @Inject MeterRegistry metrics;
  @Inject Clock clock;

  private final JsonMapper strict = new JsonMapper();
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
  void a_life_from_a_second_to_a_day_is_believed_and_any_other_counts_as_two_hours() {
    LIVES.forEach(
        (odd, life) -> {
          // As often as it is asked: the shortest-lived is asked for again at once.
          fault(COMPONENT_TOKEN, 99, set("expires_in", odd));
          Time.passes(Duration.ofHours(25));
          scene.sandbox.pushTicket(scene.app.appid());
          // The ticket first, wherever the inbox stands among the kinds of work.
          OrderScene.runDue();
          OrderScene.runDue();
          JsonPath provider = scene.get("/api/v1/provider").statusCode(200).extract().jsonPath();
          assertLife(provider.getString("component_token.expires_at"), life, odd);

          fault(REFRESH, 99, set("expires_in", odd));
          refresh().then().statusCode(200);
          assertLife(expiresAt(), life, odd);

          answer(QUERY_AUTH, "/authorization_info/expires_in", odd);
          scene.authorize(merchant, List.of(1, 46));
          assertLife(expiresAt(), life, odd);
          scene.sandbox.clearFaults();
        });

    assertThat(counted("yima_wechat_odd_expires_in", "api_component_token")).isPositive();
    assertThat(counted("yima_wechat_odd_expires_in", "api_authorizer_token")).isPositive();
    assertThat(counted("yima_wechat_odd_expires_in", "api_query_auth")).isPositive();
    scene.order(merchant, "order-1").statusCode(201);
    Robustness.row(
        SUBJECT,
        "expires_in of three kinds of token 0, negative, missing, a text, 10^12, a float, …",
        3L * LIVES.size(),
        "1 s to 24 h believed, else 7,200 s and a metric; every token kept");
  }

  @Test
  void an_answer_without_a_usable_token_leaves_the_held_one() {
    String held = token();
    List<Map<String, ?>> odd = new ArrayList<>();
    for (Object nothing : new Object[] {"", " ", null, 7, true, List.of("a"), ABSENT}) {
      odd.add(Collections.singletonMap("authorizer_access_token", nothing));
    }
    odd.add(Map.of("authorizer_appid", "wx0another0merchant"));

    for (Map<String, ?> fields : odd) {
      fields.forEach((name, value) -> answer(REFRESH, name, value));
      refresh().then().statusCode(503).body("code", equalTo("token_unavailable"));
      assertThat(token()).as("%s", fields).isEqualTo(held);
    }

    refresh().then().statusCode(200).body("refreshed", equalTo(true));
    Robustness.row(
        SUBJECT,
        "a refresh answered without a usable token, or for another appid",
        odd.size(),
        "the held token stays; the next refresh works");
  }

  @Test
  void a_refresh_token_that_comes_back_empty_overwrites_nothing() {
    Object[] nothings = {"", "  ", null, 7, List.of(), ABSENT};
    for (Object nothing : nothings) {
      answer(REFRESH, "authorizer_refresh_token", nothing);
      refresh().then().statusCode(200).body("refreshed", equalTo(true));
      refresh().then().statusCode(200).body("refreshed", equalTo(true));

      answer(QUERY_AUTH, "/authorization_info/authorizer_refresh_token", nothing);
      scene.authorize(merchant, List.of(1, 46));
      refresh().then().statusCode(200).body("refreshed", equalTo(true));
    }
    Robustness.row(
        SUBJECT,
        "refresh tokens empty, blank, null, missing or no text",
        2L * nothings.length,
        "none overwrites a held one; the next refresh works");
  }

  @Test
  void tokens_of_4_kib_are_kept_and_sent_whole() {
    String access = "A".repeat(4_095) + "z";
    String refresh = "refreshtoken@@@" + "r".repeat(4_081);
    fault(
        REFRESH,
        Map.of("authorizer_access_token", access, "authorizer_refresh_token", refresh),
        List.of());
    refresh().then().statusCode(200);
    assertThat(token()).isEqualTo(access);

    // WeChat knows neither of the two: what it says of them is understood, and others are found.
    scene.order(merchant, "order-1").statusCode(201);
    assertThat(token()).isNotEqualTo(access);
    Robustness.row(
        SUBJECT, "tokens of 4 KiB", 2, "kept and sent whole; a dead one is replaced as any other");
  }

  @Test
  void an_exchange_that_lacks_what_is_held_does_not_erase_it() {
    Object[] noSets = {null, "46", 46, Map.of("funcscope_category", Map.of("id", 1)), ABSENT};
    for (Object sets : noSets) {
      answer(QUERY_AUTH, "/authorization_info/func_info", sets);
      scene.fault(INFO, errcode(-1), 3);
      scene.sandbox.authorize(scene.app.appid(), merchant, List.of(1, 46));
      awaitFault();
      authorizer().body("permission_sets.id", equalTo(List.of(1, 46)));
      scene.sandbox.clearFaults();
    }
    for (Object appid : new Object[] {"a b", "", "x".repeat(70), "../wx", ABSENT, List.of()}) {
      answer(QUERY_AUTH, "/authorization_info/authorizer_appid", appid);
      String fresh = scene.sandbox.serviceAccount("新商户");
      scene.sandbox.authorize(scene.app.appid(), fresh, List.of(1, 46));
      awaitFault();
      scene.sandbox.clearFaults();
      // The event is handled again, tells that the code is spent, and the list is asked for.
      Time.passes(Duration.ofMinutes(20));
      settle();
      Time.passes(Duration.ofMinutes(2));
      settle();
      assertThat(authorizer(fresh).extract().jsonPath().getString("token.state"))
          .as("appid %s", appid)
          .isEqualTo("FRESH");
    }
    Robustness.row(
        SUBJECT,
        "an exchanged code answered without permission sets, or without a possible appid",
        noSets.length + 6L,
        "granted sets stay; the merchant is found in WeChat's list, with its tokens");
  }

  @Test
  void a_list_with_duplicates_holes_and_wrong_totals_loses_nobody() {
    String second = scene.merchant();
    scene.order(second, "order-1").statusCode(201);
    Object[] totals = {
      1, 2, 1_999, 1_000_000_000_000L, -5, 0, "2", "many", 1.5, true, "9223372036854775808", ABSENT
    };
    for (Object total : totals) {
      List<@Nullable Object> page = new ArrayList<>(Collections.nCopies(480, null));
      page.add(Map.of("authorizer_appid", merchant));
      page.add(Map.of("authorizer_appid", merchant, "refresh_token", "", "auth_time", "-7"));
      page.add(Map.of("authorizer_appid", merchant, "refresh_token", 7, "auth_time", 1.0e300));
      page.add(Map.of("authorizer_appid", 5, "auth_time", "9".repeat(40)));
      page.addAll(
          Collections.nCopies(16, Map.of("authorizer_appid", "not an appid", "x", List.of())));
      fault(LIST, 1, set("list", page, "total_count", total));
      fault(
          LIST,
          1,
          set(
              "list",
              List.of(List.of(), "", Map.of("authorizer_appid", second)),
              "total_count",
              1));
      reconcile();

      for (String one : List.of(merchant, second)) {
        authorizer(one).body("status", equalTo("ACTIVE"));
        refresh(one).then().statusCode(200).body("refreshed", equalTo(true));
      }
      scene.get("/api/v1/authorizers").body("items.size()", equalTo(3));
      scene.sandbox.clearFaults();
    }
    Robustness.row(
        SUBJECT,
        "a list of merchants with duplicates, holes, no tokens, and totals that lie or change",
        totals.length,
        "read to its end once; nobody revoked, no refresh token overwritten");
  }

  @Test
  void a_list_that_cannot_be_read_is_asked_for_again() {
    Object[] lists = {"none", 7, Map.of("authorizer_appid", merchant), true};
    for (Object list : lists) {
      String unknown = scene.sandbox.serviceAccount("老商户");
      scene.sandbox.authorize(scene.app.appid(), unknown, List.of(1, 46), false);
      fault(LIST, 1, set("list", list, "total_count", 3));
      reconcile();
      authorizer().body("status", equalTo("ACTIVE"));
      scene.get("/api/v1/authorizers/" + unknown).statusCode(404);

      Time.passes(Duration.ofMinutes(20));
      settle();
      authorizer(unknown).body("nick_name", equalTo("老商户"));
    }
    Robustness.row(
        SUBJECT,
        "a list of merchants that is no list",
        lists.length,
        "nobody is taken for gone; the next try adopts whom it has");
  }

  @Test
  void an_odd_profile_keeps_what_was_known() {
    List<Map<String, ?>> odd = new ArrayList<>();
    for (Object type : new Object[] {"2", "two", 2.5, null, List.of(), 1_000_000_000_000L}) {
      odd.add(Collections.singletonMap("/authorizer_info/service_type_info/id", type));
    }
    for (Object sets : new Object[] {null, "46", List.of(), List.of("x", 7), ABSENT}) {
      odd.add(Collections.singletonMap("/authorization_info/func_info", sets));
    }
    odd.add(Map.of("/authorization_info/authorizer_appid", "wx0another0merchant"));
    odd.add(Map.of("/authorizer_info/account_status", "frozen"));
    odd.add(Map.of("authorizer_info", List.of()));
    odd.add(Map.of("authorization_info", "none"));
    odd.add(Map.of("/authorizer_info/nick_name", "商\u0000家\u0001\u009b\u202e".repeat(400)));

    for (Map<String, ?> fields : odd) {
      fields.forEach((name, value) -> answer(INFO, name, value));
      Time.passes(Duration.ofHours(7));
      scene.sandbox.pushTicket(scene.app.appid());
      settle();
      Response seen = scene.asProvider().get("/api/v1/authorizers/" + merchant);
      assertThat(parsed(seen).path("marketing_codes").booleanValue()).as("%s", fields).isTrue();
      assertThat(seen.asString()).doesNotContain("\\u0000");
      scene.sandbox.clearFaults();
    }
    scene.order(merchant, "order-1").statusCode(201);
    Robustness.row(
        SUBJECT,
        "a merchant's profile of wrong types, without sets, of another merchant, with U+0000",
        odd.size(),
        "what was known stays; orders go on");
  }

  @Test
  void an_application_id_is_a_positive_number_of_63_bits_or_none() {
    Map<Object, Long> read = new LinkedHashMap<>();
    read.put("4611686018427387904", 4_611_686_018_427_387_904L);
    read.put(Long.MAX_VALUE, Long.MAX_VALUE);
    read.put(" " + (Long.MAX_VALUE - 1) + " ", Long.MAX_VALUE - 1);
    Object[] unreadable = {
      "9223372036854775808", "-1", -1, 0, "0", 1.5, "abc", "", null, true, List.of(1), "1e5", ABSENT
    };

    read.forEach(
        (sent, number) -> {
          String id = "order " + number;
          answer(APPLY, "application_id", sent);
          Response answer =
              scene
                  .asProvider()
                  .body(Map.of("code_count", 10_000, "isv_application_id", id))
                  .post(OrderScene.applications(merchant));
          assertThat(answer.statusCode()).isEqualTo(201);
          assertThat(answer.asString()).contains("\"application_id\":" + number + ",");
          assertThat(parsed(answer).path("application_id").longValue()).isEqualTo(number);
          scene
              .get("/api/v1/code-applications?application_id=" + number)
              .body("items.isv_application_id", equalTo(List.of(id)));
          // WeChat never heard of that number: told as such, and nothing is undone.
          scene.post(merchant, id, "sync").statusCode(200).body("state", equalTo("SUBMITTED"));
        });
    for (int i = 0; i < unreadable.length; i++) {
      answer(APPLY, "application_id", unreadable[i]);
      scene
          .order(merchant, "unreadable-" + i)
          .statusCode(202)
          .body("state", equalTo("SUBMITTING"))
          .body("application_id", equalTo(null))
          .body("last_error.code", equalTo("outcome_unknown"));
      scene
          .post(merchant, "unreadable-" + i, "sync")
          .statusCode(200)
          .body("state", equalTo("SUBMITTED"))
          .body("application_id", not(equalTo(null)));
    }
    assertThat(scene.sandbox.applications(merchant)).hasSize(read.size() + unreadable.length);
    Robustness.row(
        SUBJECT,
        "application_id as text, 2^63 - 1, 2^63, negative, 0, a float, missing, …",
        read.size() + (long) unreadable.length,
        "exact, or not recorded and asked again; never a second batch");
  }

  @Test
  void an_odd_status_is_told_or_ignored_and_the_application_still_finishes() {
    List<Map<String, @Nullable Object>> odd = new ArrayList<>();
    for (Object status :
        new Object[] {"finish", "x".repeat(300), 7, null, "", List.of(), "\u0000", ABSENT}) {
      odd.add(set("status", status));
    }
    List<Object> many = new ArrayList<>();
    for (int i = 0; i < 10_000; i++) {
      many.add(Map.of("code_start", i, "code_end", Integer.toString(i)));
    }
    for (Object ranges :
        Arrays.<@Nullable Object>asList(
            List.of(Map.of("code_start", 9, "code_end", 1)),
            List.of(Map.of("code_start", -9, "code_end", 1)),
            List.of(Map.of("code_start", 0, "code_end", "9223372036854775808")),
            List.of(Map.of("code_start", 0, "code_end", 9_999), Map.of("code_start", 5)),
            List.of(),
            "0-9999",
            null)) {
      odd.add(set("status", "FINISH", "code_generate_list", ranges));
    }
    for (Object time : new Object[] {"1611047541", 1.5e9, null, "", true, "1".repeat(400)}) {
      odd.add(set("status", "PROCESSING", "create_time", time, "update_time", time));
    }
    for (Object id : new Object[] {7, "7", 0, -1, "9223372036854775808", "x"}) {
      odd.add(set("application_id", id, "status", "PROCESSING"));
    }
    odd.add(set("application_id", ABSENT, "isv_application_id", "another's", "status", "FINISH"));

    for (int i = 0; i < odd.size(); i++) {
      String id = "order-" + i;
      scene.order(merchant, id).statusCode(201);
      fault(QUERY, 1, odd.get(i));
      Response told = scene.asProvider().post(OrderScene.application(merchant, id, "/sync"));
      assertThat(told.statusCode()).isEqualTo(200);
      assertThat(parsed(told).path("state").textValue())
          .as("%s", odd.get(i))
          .isEqualTo("SUBMITTED");
    }
    // Ranges that are odd but can be read are WeChat's own affair.
    List<Object> readable =
        List.of(
            many,
            List.of(
                Map.of("code_start", 0, "code_end", 9), Map.of("code_start", 5, "code_end", 99)),
            List.of(Map.of("code_start", "0", "code_end", Long.MAX_VALUE)));
    for (int i = 0; i < readable.size(); i++) {
      String id = "readable-" + i;
      scene.order(merchant, id).statusCode(201);
      fault(QUERY, 1, set("status", "FINISH", "code_generate_list", readable.get(i)));
      scene
          .post(merchant, id, "sync")
          .statusCode(200)
          .body("state", equalTo("FINISHED"))
          .body("code_generate_list.size()", equalTo(((List<?>) readable.get(i)).size()));
    }

    Time.passes(Duration.ofMinutes(40));
    scene.sandbox.pushTicket(scene.app.appid());
    settle();
    for (int i = 0; i < odd.size(); i++) {
      scene
          .application(merchant, "order-" + i)
          .body("state", equalTo("FINISHED"))
          .body("code_generate_list", equalTo(List.of(Map.of("code_start", 0, "code_end", 9_999))));
    }
    Robustness.row(
        SUBJECT,
        "answers about an application: status, ranges, times and ids missing, odd or another's",
        odd.size() + (long) readable.size(),
        "none finishes without ranges that can be read, none is recorded for another; all finish");
  }

  @Test
  void one_absurd_answer_does_not_hold_up_the_others_of_its_batch() {
    List<String> merchants = new ArrayList<>(List.of(merchant));
    for (int i = 0; i < 4; i++) {
      merchants.add(scene.merchant());
    }
    List<String> bodies =
        List.of(
            "",
            "[]",
            "null",
            "{\"errcode\":\"\u00e9\"}",
            "{\"errcode\":99999999999}",
            "<html>",
            "\u0000",
            "{\"a\":".repeat(2_000),
            "x".repeat(5 << 20));
    for (int round = 0; round < bodies.size(); round++) {
      String id = "order-" + round;
      merchants.forEach(one -> scene.order(one, id).statusCode(201));
      for (String path : List.of(REFRESH, QUERY)) {
        Map<String, Object> rule = new HashMap<>();
        rule.putAll(Map.of("kind", "answer", "body", bodies.get(round), "appid", merchant));
        scene.fault(path, rule, 1);
      }
      Time.passes(Duration.ofMinutes(110));
      scene.sandbox.pushTicket(scene.app.appid());
      OrderScene.runDue();
      for (String one : merchants.subList(1, 5)) {
        scene.application(one, id).body("state", equalTo("FINISHED"));
        authorizer(one).body("token.state", equalTo("FRESH"));
      }
      scene.sandbox.clearFaults();
      Time.passes(Duration.ofMinutes(15));
      settle();
      scene.application(merchant, id).body("state", equalTo("FINISHED"));
      authorizer().body("token.state", equalTo("FRESH"));
    }
    Robustness.row(
        SUBJECT,
        "one merchant's answers empty, no JSON, 5 MiB long, … in a batch of five",
        2L * bodies.size(),
        "the other four go on at once, the one with the next sound answer");
  }

  @Test
  void words_of_wechat_are_storable_and_harmless() {
    String[] words = {
      "a\\u0000b",
      "\\ud800 \\udc00\\ud800",
      "\\u001b[31m\\u0007\\u0085\\u202e",
      "'; drop table code_application; --",
      "<script>alert(1)</script>",
      "\u7801".repeat(350_000)
    };
    for (int i = 0; i < words.length; i++) {
      String body = "{\"errcode\":-1,\"errmsg\":\"" + words[i] + "\"}";
      String id = "order-" + i;
      whole(APPLY, body);
      scene.order(merchant, id).statusCode(202).body("last_error.errcode", equalTo(-1));
      scene.post(merchant, id, "sync").statusCode(200).body("state", equalTo("SUBMITTED"));
      whole(QUERY, body);
      scene.post(merchant, id, "sync").statusCode(200).body("last_error.errcode", equalTo(-1));
      whole(REFRESH, body);
      refresh().then().statusCode(503);
      whole(LIST, body);
      whole(INFO, body);
      reconcile();
      whole(COMPONENT_TOKEN, body);
      Time.passes(Duration.ofMinutes(115));
      OrderScene.runDue();

      for (String path :
          List.of(
              OrderScene.application(merchant, id, ""),
              OrderScene.application(merchant, id, "/history"),
              "/api/v1/authorizers/" + merchant,
              "/api/v1/provider")) {
        Response seen = scene.asProvider().get(path);
        assertThat(seen.statusCode()).as(path).isEqualTo(200);
        assertThat(parsed(seen).isObject()).isTrue();
        assertThat(seen.asString()).doesNotContain("\\u0000", "\u0000", "\u001b", "\u0085");
        assertThat(seen.asString().length()).isLessThan(20_000);
      }
      scene.sandbox.clearFaults();
      Time.passes(Duration.ofMinutes(15));
      scene.sandbox.pushTicket(scene.app.appid());
      settle();
      scene.application(merchant, id).body("state", equalTo("FINISHED"));
    }
    Robustness.row(
        SUBJECT,
        "errmsg with U+0000, lone surrogates, control characters, 1 MiB, in six interfaces",
        6L * words.length,
        "stored clean and short, shown as valid JSON; the work goes on");
  }

  @Test
  void a_pre_auth_code_is_quoted_whatever_it_is() {
    String link =
        scene
            .asProvider()
            .body("{}")
            .post("/api/v1/authorization-links")
            .then()
            .statusCode(201)
            .extract()
            .path("url");
    String code = "preauth\"><script>&biz_appid=x#\r\nSet-Cookie: a=b %41 商";
    answer(PRE_AUTH, "pre_auth_code", code);

    Response led = given().redirects().follow(false).post(link);

    assertThat(led.statusCode()).isEqualTo(303);
    assertThat(led.header("Set-Cookie")).isNull();
    assertThat(led.header("Location"))
        .contains("pre_auth_code=preauth%22%3E%3Cscript%3E%26biz_appid%3Dx%23%0D%0ASet-Cookie");
    Object[] nothings = {"", " ", null, 7, ABSENT};
    for (Object nothing : nothings) {
      answer(PRE_AUTH, "pre_auth_code", nothing);
      assertThat(given().redirects().follow(false).post(link).statusCode()).isEqualTo(503);
    }
    Robustness.row(
        SUBJECT,
        "a pre-auth code that is missing, blank, or full of HTML and line breaks",
        1L + nothings.length,
        "quoted in the address, or a page that says: later");
  }

  @Test
  void whatever_comes_is_read_as_a_sealed_result() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Oddities oddities = new Oddities(registry);
    Answers answers = new Answers(oddities);
    Exchange exchange =
        new Exchange(
            new Wire(TestConfig.at("http://127.0.0.1:1")),
            new InFlight(new Bound(1), new Circuit(System::nanoTime)),
            oddities,
            registry);
    Map<Call<?>, String> sound = new LinkedHashMap<>();
    sound.put(
        call(Endpoint.COMPONENT_TOKEN, answers::componentToken),
        "{\"component_access_token\":\"t\",\"expires_in\":7200}");
    sound.put(
        call(Endpoint.START_PUSH_TICKET, answers::acknowledged),
        "{\"errcode\":0,\"errmsg\":\"ok\"}");
    sound.put(
        call(Endpoint.PRE_AUTH_CODE, answers::preAuthCode),
        "{\"pre_auth_code\":\"p\",\"expires_in\":600}");
    sound.put(
        call(Endpoint.QUERY_AUTH, answers::authorization),
        "{\"authorization_info\":{\"authorizer_appid\":\"wx1\",\"authorizer_access_token\":\"a\","
            + "\"expires_in\":7200,\"authorizer_refresh_token\":\"r\",\"func_info\":["
            + "{\"funcscope_category\":{\"id\":46}},{\"funcscope_category\":{\"id\":1}}]}}");
    sound.put(
        call(Endpoint.AUTHORIZER_TOKEN, answer -> answers.refreshedToken(answer, "wx1")),
        "{\"authorizer_access_token\":\"a\",\"expires_in\":7200,"
            + "\"authorizer_refresh_token\":\"r\"}");
    sound.put(
        call(Endpoint.AUTHORIZER_INFO, answer -> answers.profile(answer, "wx1")),
        "{\"authorizer_info\":{\"nick_name\":\"n\",\"service_type_info\":{\"id\":2},"
            + "\"verify_type_info\":{\"id\":0},\"account_status\":1},\"authorization_info\":{"
            + "\"authorizer_appid\":\"wx1\",\"func_info\":[{\"funcscope_category\":{\"id\":46}}]}}");
    sound.put(
        call(Endpoint.AUTHORIZER_LIST, answers::page),
        "{\"total_count\":2,\"list\":[{\"authorizer_appid\":\"wx1\",\"refresh_token\":\"r\","
            + "\"auth_time\":1558000607},{\"authorizer_appid\":\"wx2\"}]}");
    sound.put(
        call(Endpoint.APPLY_CODE, answers::appliedCode),
        "{\"errcode\":0,\"errmsg\":\"ok\",\"application_id\":581865877}");
    sound.put(
        call(Endpoint.QUERY_APPLICATION, answers::status),
        "{\"errcode\":0,\"status\":\"FINISH\",\"application_id\":1,\"isv_application_id\":\"i\","
            + "\"code_generate_list\":[{\"code_start\":0,\"code_end\":49999}],"
            + "\"create_time\":1611047541,\"update_time\":1611047541}");
    sound.put(
        call(Endpoint.ACTIVATE_CODES, answers::acknowledged), "{\"errcode\":0,\"errmsg\":\"ok\"}");
    String bound =
        "{\"errcode\":0,\"code\":\"044GZ*J10\",\"application_id\":581865877,\"isv_application_id\":\"i\","
            + "\"activity_name\":\"a\",\"product_brand\":\"b\",\"product_title\":\"c\","
            + "\"wxa_appid\":\"wx1\",\"wxa_path\":\"p\",\"code_start\":0,\"code_end\":200";
    sound.put(call(Endpoint.QUERY_CODE, answers::boundCode), bound + ",\"wxa_type\":0}");
    sound.put(call(Endpoint.EXCHANGE_CODE_TICKET, answers::boundCode), bound + "}");

    sound.put(
        call(Endpoint.DOWNLOAD_CODES, answers::encryptedCodes),
        "{\"errcode\":0,\"buffer\":\"AAECAwQFBgcICQoLDA0ODw==\"}");
    sound.put(
        call(Endpoint.GET_QUOTA, answers::quota),
        "{\"errcode\":0,\"quota\":{\"daily_limit\":100,\"used\":1,\"remain\":99}}");
    sound.put(call(Endpoint.FORWARDED, Answer::json), bound + "}");
    sound.put(
        call(Endpoint.SEND_MESSAGE, answers::acknowledged), "{\"errcode\":0,\"errmsg\":\"ok\"}");
    assertThat(sound.keySet()).extracting(Call::endpoint).containsOnlyOnce(Endpoint.values());

    int times = 2_000;
    sound.forEach(
        (call, body) -> {
          assertThat(exchange.read(call, body)).isInstanceOf(Success.class);
          for (int seed = 0; seed < times; seed++) {
            String odd = new OddAnswers(new SplittableRandom(seed)).oddFrom(body);
            try {
              check(exchange.read(call, odd));
            } catch (RuntimeException | AssertionError e) {
              throw new AssertionError(
                  "%s with seed %d: %s".formatted(call.endpoint(), seed, odd), e);
            }
          }
        });
    Robustness.row(
        SUBJECT,
        "random odd answers of all sixteen interfaces through the client's reading, seeded",
        (long) times * sound.size(),
        "a sealed result each time, no exception, no value out of its bounds");
  }

  private static <T> Call<T> call(Endpoint endpoint, Call.Reader<T> reader) {
    Call.Request never =
        (api, body) -> {
          throw new IllegalStateException("nothing is sent here");
        };
    return new Call<>(endpoint, new Json(), never, List.of(Secret.of("a sent secret")), reader);
  }

  private static void check(WeChatResult<?> result) {
    switch (result) {
      case Success<?>(Object value) -> checkValue(value);
      case Failed<?>(Failure failure) -> {
        String json = LastError.of(failure, Instant.EPOCH).toJson();
        assertThat(LastError.parse(json)).isNotNull();
        assertThat(failure.error().errmsg().length()).isLessThanOrEqualTo(1_000);
        assertThat(json).doesNotContain("\\u0000");
      }
    }
  }

  private static void checkValue(Object value) {
    switch (value) {
      case IssuedToken token -> checkToken(token);
      case Authorization given -> {
        assertThat(given.authorizerAppid()).isNotEmpty();
        checkToken(given.accessToken());
        checkSecret(given.refreshToken());
      }
      case RefreshedToken fresh -> {
        checkToken(fresh.accessToken());
        checkSecret(fresh.refreshToken());
      }
      case AuthorizerProfile profile -> assertThat(profile.authorizerAppid()).isEqualTo("wx1");
      case AuthorizerPage page -> assertThat(page.totalCount()).isNotNegative();
      case AppliedCode applied -> assertThat(applied.applicationId()).isPositive();
      case ApplicationStatus status ->
          assertThat(status.codeGenerateList()).allMatch(range -> range.codeStart() >= 0);
      case BoundCode code -> {
        assertThat(code.applicationId() == null || code.applicationId() > 0).isTrue();
        assertThat(code.codeStart() == null || code.codeStart() >= 0).isTrue();
      }
      case EncryptedCodes codes -> assertThat(codes).isNotNull();
      case ApiQuota quota -> {
        assertThat(quota.dailyLimit()).isNotNegative();
        assertThat(quota.used() == null || quota.used() >= 0).isTrue();
        assertThat(quota.remain() == null || quota.remain() >= 0).isTrue();
      }
      case String forwarded -> assertThat(forwarded).startsWith("{");
      default -> assertThat(value).isInstanceOf(Acknowledged.class);
    }
  }

  private static void checkToken(@Nullable IssuedToken token) {
    if (token != null) {
      checkSecret(token.token());
      assertThat(token.life()).isBetween(Duration.ofSeconds(1), Duration.ofHours(24));
    }
  }

  private static void checkSecret(@Nullable Secret secret) {
    if (secret != null) {
      assertThat(secret.reveal()).isNotBlank();
    }
  }

  /** The next answer of this interface has this value in this field, or lacks it. */
  private void answer(String path, String field, @Nullable Object value) {
    fault(path, 1, set(field, value));
  }

  private void whole(String path, String body) {
    scene.fault(path, Map.of("kind", "answer", "body", body), 1);
  }

  private void fault(String path, Map<String, ?> set, List<String> remove) {
    scene.fault(path, Map.of("kind", "answer", "set", set, "remove", remove), 1);
  }

  private void fault(String path, int times, Map<String, ? extends @Nullable Object> fields) {
    Map<String, @Nullable Object> set = new LinkedHashMap<>(fields);
    List<String> remove =
        fields.keySet().stream().filter(name -> ABSENT.equals(fields.get(name))).toList();
    remove.forEach(set::remove);
    scene.fault(path, Map.of("kind", "answer", "set", set, "remove", remove), times);
  }

  private static Map<String, @Nullable Object> set(@Nullable Object... fields) {
    Map<String, @Nullable Object> set = new LinkedHashMap<>();
    for (int i = 0; i < fields.length; i += 2) {
      set.put(String.valueOf(fields[i]), fields[i + 1]);
    }
    return set;
  }

  private Response refresh() {
    return refresh(merchant);
  }

  private Response refresh(String appid) {
    return scene.asProvider().post("/api/v1/authorizers/" + appid + "/token/refresh");
  }

  private String token() {
    return held().getString("access_token");
  }

  private String expiresAt() {
    return scene
        .get("/api/v1/authorizers/" + merchant)
        .statusCode(200)
        .extract()
        .path("token.expires_at");
  }

  private JsonPath held() {
    return scene
        .get("/api/v1/authorizers/" + merchant + "/token")
        .statusCode(200)
        .extract()
        .jsonPath();
  }

  private io.restassured.response.ValidatableResponse authorizer() {
    return authorizer(merchant);
  }

  private io.restassured.response.ValidatableResponse authorizer(String appid) {
    return scene.get("/api/v1/authorizers/" + appid).statusCode(200);
  }

  /** Works off what was pushed, until the answer that was armed has been given. */
  private void awaitFault() {
    await()
        .until(
            () -> {
              OrderScene.runDue();
              return scene.sandbox.control("GET", "faults", Map.of()).getInt("[0].used") > 0;
            });
    OrderScene.runDue();
  }

  /** Compares with WeChat's list, to the end. */
  private void reconcile() {
    Time.passes(Duration.ofSeconds(1));
    scene.asProvider().post("/api/v1/authorizers/adopt").then().statusCode(202);
    settle();
  }

  /** Works off all that is due: a loop that is wedged would never come to rest. */
  private void settle() {
    for (int round = 0; round < 12; round++) {
      OrderScene.runDue();
    }
  }

  private void assertLife(String expiresAt, Duration life, @Nullable Object odd) {
    assertThat(Instant.parse(expiresAt))
        .as("expires_in %s", odd)
        .isBetween(clock.instant().plus(life).minusSeconds(60), clock.instant().plus(life));
  }

  private double counted(String name, String api) {
    Counter counter = metrics.find(name).tag("api", api).counter();
    return counter == null ? 0 : counter.count();
  }

  private JsonNode parsed(Response response) {
    try {
      return strict.readTree(response.asByteArray());
    } catch (JsonProcessingException e) {
      throw new AssertionError("not JSON: " + response.asString(), e);
    } catch (java.io.IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
