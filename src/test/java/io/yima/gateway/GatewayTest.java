package io.yima.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.yima.codes.OrderScene;
import io.yima.testsupport.Logged;
import io.yima.testsupport.RawHttp;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class GatewayTest {

  private static final String SUBJECT = "Gateway";
  private static final String APPLY = "/intp/marketcode/applycode";
  private static final String QUERY = "/intp/marketcode/applycodequery";

  @Inject SettableClock clock;

  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private GatewayScene scene;

  @BeforeEach
  void open() {
    scene = new GatewayScene();
  }

  @Test
  void a_token_is_given_for_a_gateway_key_by_query_and_by_body() {
    for (String path : List.of("token", "stable_token")) {
      JsonPath asked = GatewayScene.answer(scene.askToken(path, scene.merchant, scene.key));
      JsonPath posted =
          GatewayScene.answer(
              given()
                  .body(
                      Map.of(
                          "grant_type",
                          "client_credential",
                          "appid",
                          scene.merchant,
                          "secret",
                          scene.key,
                          "force_refresh",
                          true))
                  .contentType("application/json")
                  .post("/gateway/" + scene.merchant + "/cgi-bin/" + path));

      assertThat(asked.getInt("expires_in")).isEqualTo(7_200);
      assertThat(asked.getString("access_token")).startsWith("yima_gt_");
      assertThat(posted.getString("access_token"))
          .startsWith("yima_gt_")
          .isNotEqualTo(asked.getString("access_token"));
    }
    List<String> done =
        OrderScene.asOperator()
            .get("/api/v1/audit-events?authorizer_appid=" + scene.merchant)
            .jsonPath()
            .getList("items.action");
    assertThat(done).contains("gateway.token_issued").doesNotContain("token.read");
  }

  @Test
  void whatever_is_wrong_with_the_question_has_wechats_number() {
    String other = scene.orders.merchant();
    String restricted =
        scene
            .makeKey(
                Map.of(
                    "name", "one",
                    "scopes", List.of("gateway"),
                    "authorizer_appids", List.of(other)))
            .getString("key");
    String mistyped = scene.key.substring(0, scene.key.length() - 1) + "?";

    assertThat(errcode(scene.askToken("token", scene.merchant, mistyped))).isEqualTo(40001);
    assertThat(errcode(scene.askToken("token", scene.merchant, scene.newKey("write"))))
        .as("another scope")
        .isEqualTo(40001);
    assertThat(errcode(scene.askToken("token", scene.merchant, YimaTestResource.OPERATOR_KEY)))
        .as("an operator's key")
        .isEqualTo(40001);
    assertThat(errcode(scene.askToken("token", scene.merchant, restricted)))
        .as("for another merchant")
        .isEqualTo(40001);
    assertThat(errcode(scene.askToken("token", other, scene.key))).isEqualTo(40013);
    assertThat(errcode(scene.askToken("token", scene.merchant, ""))).isEqualTo(41004);
    assertThat(errcode(scene.askToken("token", "", scene.key))).isEqualTo(41002);
    assertThat(errcode(given().get("/gateway/" + scene.merchant + "/cgi-bin/token")))
        .isEqualTo(40002);
    assertThat(
            errcode(
                given()
                    .body("secret=" + scene.key)
                    .post("/gateway/" + scene.merchant + "/cgi-bin/token")))
        .isEqualTo(47001);
  }

  @Test
  void a_token_serves_its_merchant_alone_and_not_for_ever() {
    String other = scene.orders.merchant();
    String token = scene.token();
    GatewayScene stranger = new GatewayScene();

    assertThat(scene.call(token, APPLY, GatewayScene.order("own")).getInt("errcode")).isZero();
    for (String foreign : List.of(other, stranger.merchant, "wx0000000000000000", "no appid")) {
      assertThat(
              errcode(
                  given()
                      .queryParam("access_token", token)
                      .body(GatewayScene.order("foreign"))
                      .post("/gateway/{appid}" + APPLY, foreign)))
          .as(foreign)
          .isEqualTo(40001);
    }
    assertThat(scene.orders.sandbox.applications(other)).isEmpty();
    assertThat(stranger.applications()).isEmpty();
    clock.advance(Duration.ofHours(2));
    assertThat(scene.call(token, APPLY, GatewayScene.order("late")).getInt("errcode"))
        .isEqualTo(40001);
    clock.advance(Duration.ofHours(-2));
    Robustness.row(
        SUBJECT,
        "a token at another merchant's, another provider's and nobody's address, and after its time",
        5,
        "errcode 40001, nothing stored");
  }

  @Test
  void a_token_with_any_letter_changed_is_none() {
    String token = scene.token();
    int tried = 0;
    for (int at = 0; at < token.length(); at++) {
      char other = token.charAt(at) == 'A' ? 'B' : 'A';
      String changed = token.substring(0, at) + other + token.substring(at + 1);
      // The last letter of each part has bits to spare: what reads the same is the same token.
      JsonPath answer = scene.call(changed, APPLY, "{}");
      boolean spare = at == token.indexOf('.') - 1 || at == token.length() - 1;
      assertThat(answer.getInt("errcode"))
          .as("%d", at)
          .isIn(spare ? List.of(40001, 47001) : List.of(40001));
      tried++;
    }
    for (String nonsense :
        List.of("", ".", "yima_gt_", "yima_gt_.", "x".repeat(4_000), token + token, scene.key)) {
      assertThat(scene.call(nonsense, APPLY, "{}").getInt("errcode")).isEqualTo(40001);
      tried++;
    }
    assertThat(errcode(given().body("{}").post("/gateway/" + scene.merchant + APPLY)))
        .isEqualTo(40001);
    assertThat(tried).isGreaterThan(100);
  }

  @Test
  void a_token_is_worth_nothing_at_the_api_and_its_key_neither() {
    for (String shown : List.of(scene.token(), scene.key)) {
      assertThat(given().auth().oauth2(shown).get("/api/v1/authorizers").statusCode())
          .isIn(401, 403);
    }
    assertThat(given().get("/api/v1/authorizers?access_token=" + scene.token()).statusCode())
        .isEqualTo(401);
  }

  @Test
  void a_bearer_key_with_write_or_gateway_needs_no_token() {
    for (String key : List.of(scene.key, scene.newKey("write"))) {
      assertThat(bearer(key, GatewayScene.order("bearer")).getInt("errcode")).isZero();
    }
    for (String key : List.of(scene.newKey("read", "tokens", "codes"), "yima_pk_none")) {
      assertThat(bearer(key, GatewayScene.order("no")).getInt("errcode")).isEqualTo(40001);
    }
    assertThat(scene.applications()).hasSize(1);
  }

  @Test
  void bodies_that_are_no_call_are_47001_and_store_nothing() {
    String token = scene.token();
    List<String> bodies =
        List.of(
            "null",
            "[]",
            "\"x\"",
            "{",
            "{}{}",
            "{\"code_count\":10000}",
            "{\"isv_application_id\":\"a\"}",
            "{\"code_count\":1e4,\"isv_application_id\":\"a\"}",
            "{\"code_count\":true,\"isv_application_id\":\"a\"}",
            "{\"code_count\":99999999999999999999,\"isv_application_id\":\"a\"}",
            "{\"code_count\":10000,\"isv_application_id\":7}",
            "{\"code_count\":10000,\"isv_application_id\":\"\"}");
    List<String> rules =
        List.of(
            "{\"code_count\":10001,\"isv_application_id\":\"a\"}",
            "{\"code_count\":0,\"isv_application_id\":\"a\"}",
            "{\"code_count\":20010000,\"isv_application_id\":\"a\"}",
            "{\"code_count\":10000,\"isv_application_id\":\" a\"}",
            "{\"code_count\":10000,\"isv_application_id\":\"\\u0000\"}",
            "{\"code_count\":10000,\"isv_application_id\":\"" + "x".repeat(129) + "\"}");

    for (String body : bodies) {
      assertThat(scene.call(token, APPLY, body).getInt("errcode")).as(body).isEqualTo(47001);
    }
    for (String body : rules) {
      assertThat(scene.call(token, APPLY, body).getInt("errcode")).as(body).isEqualTo(40002);
    }
    assertThat(
            errcode(
                given()
                    .queryParam("access_token", token)
                    .post("/gateway/" + scene.merchant + APPLY)))
        .isEqualTo(44002);
    for (String body : List.of("{}", "{\"application_id\":\"x\"}", "{\"application_id\":1.5}")) {
      assertThat(scene.call(token, QUERY, body).getInt("errcode")).as(body).isEqualTo(47001);
    }
    assertThat(scene.call(token, QUERY, "{\"isv_application_id\":\"\\u0000\"}").getInt("errcode"))
        .isEqualTo(40097);
    // Whoever sends it all the same may find the connection closed before the answer.
    RawHttp.Answer tooLarge =
        RawHttp.anonymous()
            .with("Content-Length: 1100000")
            .sendAsIs(
                "POST",
                "/gateway/" + scene.merchant + APPLY + "?access_token=" + token,
                new byte[0]);
    assertThat(tooLarge.json().getInt("errcode")).isEqualTo(47001);
    assertThat(scene.applications()).isEmpty();
    Robustness.row(
        SUBJECT,
        "bodies that are no order",
        bodies.size() + rules.size() + 2,
        "WeChat's number, nothing stored");
  }

  @Test
  void what_stands_in_the_way_of_an_order_is_told_by_its_number() {
    GatewayScene left = new GatewayScene();
    String token = left.token();
    left.orders.unauthorize(left.merchant);

    assertThat(left.call(token, APPLY, GatewayScene.order("x")).getInt("errcode")).isEqualTo(61003);
    assertThat(
            left.call(token, "/intp/marketcode/codeactive", GatewayScene.activation(1, 0, 9))
                .getInt("errcode"))
        .isEqualTo(61003);
    scene.orders.authorize(scene.merchant, List.of(1));
    assertThat(scene.apply("y").getInt("errcode")).isEqualTo(61007);
    scene.orders.authorize(scene.merchant, List.of(1, 46));
    scene.orders.applyFails(OrderScene.errcode(48001), 1);
    assertThat(scene.apply("z").getInt("errcode")).isEqualTo(48001);
    scene.orders.applyFails(OrderScene.errcode(45011), 1);
    assertThat(scene.apply("fast").getInt("errcode")).isEqualTo(45011);
    assertThat(scene.apply("twice").getInt("errcode")).isZero();
    assertThat(
            scene
                .call(APPLY, "{\"code_count\":20000,\"isv_application_id\":\"twice\"}")
                .getInt("errcode"))
        .isEqualTo(40002);
  }

  @Test
  void an_answer_that_does_not_come_is_minus_one_and_the_order_goes_on() {
    scene.orders.applyFails(Map.of("kind", "lost_answer"), 1);

    JsonPath lost;
    try (Logged logged = new Logged()) {
      lost = scene.apply("lost");
      // Foreseen, and tried again by every SDK: one line, and no stack trace.
      assertThat(logged.troubles("outcome_unknown"))
          .singleElement()
          .matches(entry -> entry.thrown() == null)
          .matches(entry -> entry.message().matches(".*/gateway/.*/applycode .* 503 .*\\(.+\\)"));
      assertThat(logged.troubles("")).allMatch(entry -> entry.thrown() == null);
    }
    JsonPath asked = scene.call(QUERY, "{\"isv_application_id\":\"lost\"}");

    assertThat(lost.getInt("errcode")).isEqualTo(-1);
    assertThat(lost.getString("errmsg")).contains("rid: ");
    // The question sent the order again, which is the same one; WeChat has not been asked yet.
    assertThat(asked.getInt("errcode")).isEqualTo(-1);
    JsonPath known = scene.call(QUERY, "{\"isv_application_id\":\"lost\"}");
    assertThat(known.getString("status")).isIn("INIT", "PROCESSING", "FINISH");
    assertThat(known.getLong("application_id")).isPositive();
    assertThat(scene.applications()).hasSize(1);
  }

  @Test
  void an_application_that_the_ledger_does_not_know_is_asked_of_wechat() {
    String token =
        scene
            .orders
            .get("/api/v1/authorizers/" + scene.merchant + "/token")
            .extract()
            .path("access_token");
    long id =
        given()
            .baseUri(scene.orders.sandbox.address())
            .port(URI.create(scene.orders.sandbox.address()).getPort())
            .queryParam("access_token", token)
            .contentType("application/json")
            .body(GatewayScene.order("before-yima"))
            .post(APPLY)
            .jsonPath()
            .getLong("application_id");

    JsonPath answer = scene.call(QUERY, "{\"application_id\":" + id + "}");

    assertThat(answer.getString("status")).isNotBlank();
    assertThat(scene.call(QUERY, "{\"application_id\":1}").getInt("errcode")).isEqualTo(40097);
  }

  @Test
  void a_question_that_used_a_quota_up_is_not_put_to_wechat_again_that_day() {
    Map<String, Object> usedUp = new HashMap<>(OrderScene.errcode(45009));
    usedUp.put("appid", scene.merchant);
    scene.orders.queryFails(usedUp, 1);

    assertThat(scene.call(QUERY, "{\"application_id\":1}").getInt("errcode")).isEqualTo(45009);

    assertThat(scene.call(QUERY, "{\"application_id\":1}").getInt("errcode")).isEqualTo(45009);
  }

  @Test
  void only_what_the_setting_names_letter_by_letter_is_passed_on() throws Exception {
    String token = scene.token();
    String open = "/cgi-bin/openapi/quota/get";
    String body = "{\"cgi_path\":\"/intp/marketcode/applycode\"}";
    assertThat(scene.call(token, open, body).getInt("errcode")).isZero();
    List<String> shut =
        List.of(
            "/cgi-bin/component/api_component_token",
            "/cgi-bin/component/api_authorizer_token",
            "/cgi-bin/user/info",
            "/cgi-bin/openapi/quota",
            open + "/",
            open + "/x",
            "/cgi-bin/openapi/quota/clear",
            "/cgi-bin//openapi/quota/get",
            "/cgi-bin/./openapi/quota/get",
            "/cgi-bin/x/../openapi/quota/get",
            "/cgi-bin/openapi%2Fquota/get",
            "/cgi-bin/openapi/quota/%67et",
            "/cgi-bin/openapi/quota/get;x=y",
            "/CGI-BIN/openapi/quota/get",
            "/intp/marketcode/nothing",
            "//example.com/cgi-bin/openapi/quota/get",
            "/http://example.com/cgi-bin/openapi/quota/get",
            "/@example.com/cgi-bin/openapi/quota/get");
    List<String> passed = new ArrayList<>();
    for (String path : shut) {
      // By a client that leaves the address as it is.
      HttpRequest request =
          HttpRequest.newBuilder(
                  URI.create(
                      "http://localhost:"
                          + RestAssured.port
                          + "/gateway/"
                          + scene.merchant
                          + path
                          + "?access_token="
                          + token))
              .POST(HttpRequest.BodyPublishers.ofString(body))
              .build();
      HttpResponse<String> answer = client.send(request, HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 200 || new JsonPath(answer.body()).getInt("errcode") != 48001) {
        passed.add(path + " " + answer.statusCode() + " " + answer.body());
      }
    }

    assertThat(passed).isEmpty();
    assertThat(
            errcode(
                given()
                    .queryParam("access_token", token)
                    .get("/gateway/" + scene.merchant + APPLY)))
        .isEqualTo(43002);
    Robustness.row(
        SUBJECT,
        "paths near one that is open, and those of tokens",
        shut.size(),
        "errcode 48001, no call");
  }

  private JsonPath bearer(String key, String body) {
    return GatewayScene.answer(
        given()
            .auth()
            .oauth2(key)
            .contentType("application/json")
            .body(body)
            .post("/gateway/" + scene.merchant + APPLY));
  }

  private static int errcode(Response response) {
    return GatewayScene.answer(response).getInt("errcode");
  }
}
