package io.yima.readiness;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.everyItem;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.arc.Arc;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import io.yima.codes.OrderScene;
import io.yima.packages.PackageDownloads;
import io.yima.testsupport.Keys;
import io.yima.testsupport.Sandbox;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What keeps a merchant from being served is told item by item, with what to do about it. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class ReadinessTest {

  private static final String INFO = "/cgi-bin/component/api_get_authorizer_info";
  private static final String QUERY = "/intp/marketcode/applycodequery";
  private static final String REFRESH = "/cgi-bin/component/api_authorizer_token";

  @Inject Keys keys;

  private OrderScene scene;

  @BeforeEach
  void open() {
    scene = OrderScene.open();
  }

  @AfterEach
  void mend() {
    scene.sandbox.clearFaults();
  }

  // ---- as far as is known ----------------------------------------------------------------------

  @Test
  void a_new_merchant_is_right_as_far_as_is_known() {
    String merchant = scene.merchant();

    readiness(merchant)
        .statusCode(200)
        .body("authorizer_appid", equalTo(merchant))
        .body("ready", nullValue())
        .body("live", equalTo(false))
        .body(
            "items.item",
            contains(
                "platform",
                "authorization",
                "service_account",
                "account_status",
                "permission_set",
                "token",
                "feature",
                "quota",
                "code_key"))
        .body(
            "items.findAll { !(it.item in ['feature', 'code_key']) }.ok", everyItem(equalTo(true)))
        .body(item("feature") + ".ok", nullValue())
        .body("items.findAll { it.item != 'code_key' }.remedy", everyItem(nullValue()))
        .body("items.authorization_link", everyItem(nullValue()));
  }

  @Test
  void one_order_that_went_through_proves_the_feature() {
    String merchant = scene.merchant();
    scene.order(merchant, "a").statusCode(201);

    readiness(merchant).body("ready", equalTo(true)).body(item("feature") + ".ok", equalTo(true));
  }

  @Test
  void a_48001_is_remembered_until_wechat_serves_the_merchant_again() {
    String merchant = withoutFeature();
    scene.order(merchant, "a").statusCode(202);

    wrong(readiness(merchant), "feature")
        .body(item("feature") + ".wechat.errcode", equalTo(48001))
        .body(item("feature") + ".remedy.en", containsString("mp.weixin.qq.com"))
        .body(item("feature") + ".remedy.zh", containsString("申请开通"));

    scene.sandbox.account(Map.of("appid", merchant, "features", List.of("marketcode")));
    scene.order(merchant, "b").statusCode(201);

    readiness(merchant).body(item("feature") + ".ok", equalTo(true));
  }

  @Test
  void who_left_is_sent_a_link_that_is_the_same_each_time() {
    String merchant = scene.merchant();
    scene.unauthorize(merchant);

    ValidatableResponse first = wrong(readiness(merchant), "authorization");

    String link = first.extract().path(item("authorization") + ".authorization_link.url");
    assertThat(link).contains("/wechat/" + scene.app.appid() + "/authorize/");
    first
        .body(item("authorization") + ".detail", equalTo("REVOKED"))
        .body(item("authorization") + ".remedy.zh", containsString("重新授权"))
        .body(item("authorization") + ".authorization_link.pc_url", equalTo(link + "?device=pc"));
    readiness(merchant).body(item("authorization") + ".authorization_link.url", equalTo(link));
    RestAssured.given()
        .urlEncodingEnabled(false)
        .get(link.substring(link.indexOf("/wechat/")))
        .then()
        .statusCode(200);
  }

  @Test
  void a_key_that_may_only_read_makes_no_link() {
    String merchant = scene.merchant();
    scene.unauthorize(merchant);
    String reader = keys.newKey(scene.app.appid(), "read");

    RestAssured.given()
        .header("Authorization", "Bearer " + reader)
        .get(path(merchant))
        .then()
        .statusCode(200)
        .body(item("authorization") + ".ok", equalTo(false))
        .body(item("authorization") + ".authorization_link", nullValue());
  }

  @Test
  void a_missing_set_is_mended_with_a_link() {
    String merchant = scene.merchant();
    scene.authorize(merchant, List.of(1));

    wrong(readiness(merchant), "permission_set")
        .body(item("permission_set") + ".authorization_link.url", notNullValue())
        .body(item("permission_set") + ".remedy.en", containsString("46"));
  }

  @Test
  void a_subscription_account_cannot_be_served() {
    String merchant = Sandbox.newAppid();
    scene.sandbox.account(Map.of("appid", merchant, "nick_name", "订阅号", "service_type", 0));
    scene.authorize(merchant, List.of(1, 46));

    wrong(readiness(merchant), "service_account")
        .body(item("service_account") + ".detail", equalTo("service_type 0"))
        .body(item("service_account") + ".remedy.zh", containsString("服务号"));
  }

  @Test
  void a_used_up_quota_is_told_until_the_next_day() {
    String merchant = scene.merchant();
    scene.applyFails(OrderScene.errcode(45009), 1);
    scene.order(merchant, "a").statusCode(202);

    wrong(readiness(merchant), "quota")
        .body(item("quota") + ".detail", startsWith("applycode is used up until "))
        .body(item("quota") + ".remedy.zh", containsString("北京时间"));
  }

  @Test
  void a_token_that_cannot_be_renewed_shows_the_address_that_wechat_saw() {
    String merchant = scene.merchant();
    scene.fault(REFRESH, unregisteredAddress(), 1);
    scene.asProvider().post("/api/v1/authorizers/" + merchant + "/token/refresh");

    wrong(readiness(merchant), "token")
        .body(item("token") + ".wechat.errcode", equalTo(61004))
        .body(item("token") + ".address_seen", equalTo("203.0.113.7"))
        .body(item("token") + ".remedy.en", containsString("203.0.113.7"))
        .body(item("token") + ".remedy.zh", containsString("203.0.113.7"));
  }

  @Test
  void a_platform_without_a_ticket_cannot_serve_anybody() {
    String platform = keys.newProvider();
    String merchant = keys.newAuthorizer(platform);

    as(platform, merchant, "")
        .body("ready", equalTo(false))
        .body(item("platform") + ".ok", equalTo(false))
        .body(item("platform") + ".detail", equalTo("ticket_missing"))
        .body(item("platform") + ".remedy.zh", containsString("component_verify_ticket"))
        .body(item("service_account") + ".ok", nullValue())
        .body(item("account_status") + ".ok", nullValue())
        .body(item("token") + ".ok", equalTo(false));
  }

  @Test
  void a_key_that_is_not_stored_keeps_nobody_from_ordering() {
    String merchant = scene.merchant();
    scene.order(merchant, "a").statusCode(201);

    readiness(merchant)
        .body("ready", equalTo(true))
        .body(item("code_key") + ".ok", equalTo(false))
        .body(item("code_key") + ".remedy.zh", containsString("code-key"));

    store(merchant, scene.sandbox.account(merchant).getString("code_key"));

    readiness(merchant)
        .body(item("code_key") + ".ok", equalTo(true))
        .body(item("code_key") + ".detail", containsString("has opened no codes yet"));
  }

  @Test
  void a_key_that_opens_nothing_is_told_until_the_right_one_is_stored() {
    String merchant = scene.merchant();
    store(merchant, "0000000000000000");
    scene.order(merchant, "a").statusCode(201);
    fetch();

    readiness(merchant)
        .body("ready", equalTo(true))
        .body(item("code_key") + ".ok", equalTo(false))
        .body(item("code_key") + ".detail", containsString("did not open"))
        .body(item("code_key") + ".remedy.en", containsString("PUT …/code-key"))
        .body(item("code_key") + ".remedy.zh", containsString("PUT …/code-key"));

    store(merchant, scene.sandbox.account(merchant).getString("code_key"));
    readiness(merchant).body(item("code_key") + ".ok", equalTo(true));
    fetch();

    readiness(merchant)
        .body(item("code_key") + ".ok", equalTo(true))
        .body(item("code_key") + ".detail", containsString("It has opened codes since "));
  }

  @Test
  void a_feature_that_was_closed_shows_in_what_is_fetched() {
    String merchant = scene.merchant();
    store(merchant, scene.sandbox.account(merchant).getString("code_key"));
    scene.order(merchant, "a").statusCode(201);
    scene.fault("/intp/marketcode/applycodedownload", OrderScene.errcode(48001), 1);
    fetch();

    wrong(readiness(merchant), "feature")
        .body("ready", equalTo(false))
        .body(item("feature") + ".wechat.errcode", equalTo(48001));

    Time.passes(Duration.ofHours(2));
    fetch();

    readiness(merchant).body("ready", equalTo(true)).body(item("feature") + ".ok", equalTo(true));
  }

  /** As of merchants whose codes are from before Yima: nothing of them is in the ledger. */
  @Test
  void look_ups_tell_of_the_feature_where_nothing_was_ordered() {
    String merchant = scene.merchant();
    lookUp(merchant);
    readiness(merchant)
        .body(item("feature") + ".ok", equalTo(true))
        .body(item("feature") + ".detail", startsWith("WeChat last served it at "));

    Time.passes(Duration.ofSeconds(1));
    scene.fault("/intp/marketcode/codeactivequery", OrderScene.errcode(48001), 1);
    lookUp(merchant);
    wrong(readiness(merchant), "feature").body(item("feature") + ".wechat.errcode", equalTo(48001));

    Time.passes(Duration.ofSeconds(1));
    lookUp(merchant);
    readiness(merchant).body(item("feature") + ".ok", equalTo(true));
  }

  private void lookUp(String merchant) {
    scene
        .asProvider()
        .body(Map.of("code", "044GZ*J10"))
        .post("/api/v1/authorizers/" + merchant + "/code-lookups")
        .then()
        .statusCode(422);
  }

  @Test
  void what_was_fetched_after_a_48001_tells_that_the_feature_is_there_again() {
    String merchant = scene.merchant();
    store(merchant, scene.sandbox.account(merchant).getString("code_key"));
    scene.order(merchant, "a").statusCode(201);
    Time.passes(Duration.ofHours(1));
    OrderScene.syncDue();
    scene.applyFails(OrderScene.errcode(48001), 1);
    scene.order(merchant, "b").statusCode(202);
    wrong(readiness(merchant), "feature").body(item("feature") + ".wechat.errcode", equalTo(48001));

    Time.passes(Duration.ofMinutes(1));
    PackageDownloads downloads = Arc.container().instance(PackageDownloads.class).get();
    while (downloads.runDue(2) > 0) {
      // Until nothing is due any more.
    }

    readiness(merchant).body(item("feature") + ".ok", equalTo(true));
  }

  @Test
  void a_quota_that_no_order_needs_keeps_nobody_from_ordering() {
    String merchant = scene.merchant();
    scene.order(merchant, "a").statusCode(201);
    scene.fault("/intp/marketcode/tickettocode", OrderScene.errcode(45009), 1);
    scene
        .asProvider()
        .body(Map.of("openid", "oSomebody", "code_ticket", "a-ticket"))
        .post("/api/v1/authorizers/" + merchant + "/code-tickets")
        .then()
        .statusCode(429);

    readiness(merchant)
        .body("ready", equalTo(true))
        .body(item("quota") + ".ok", equalTo(true))
        .body(item("quota") + ".detail", startsWith("tickettocode is used up until "));
  }

  private static void fetch() {
    Time.passes(Duration.ofHours(1));
    OrderScene.syncDue();
    Time.passes(Duration.ofMinutes(1));
    PackageDownloads downloads = Arc.container().instance(PackageDownloads.class).get();
    while (downloads.runDue(2) > 0) {
      // Until nothing is due any more.
    }
  }

  private void store(String merchant, String codeKey) {
    scene
        .asProvider()
        .body(Map.of("key", codeKey))
        .put("/api/v1/authorizers/" + merchant + "/code-key")
        .then()
        .statusCode(204);
  }

  // ---- asked just now --------------------------------------------------------------------------

  @Test
  void live_asks_wechat_and_orders_nothing() {
    String merchant = scene.merchant();

    live(merchant).body("live", equalTo(true)).body("ready", equalTo(true));

    assertThat(scene.sandbox.applications(merchant)).isEmpty();
    scene.get(OrderScene.applications(merchant)).body("items", equalTo(List.of()));
    scene.order(merchant, "a").statusCode(201);
    live(merchant).body("ready", equalTo(true));
    assertThat(scene.sandbox.applications(merchant)).hasSize(1);
    assertThat(scene.sandbox.applications(merchant).getFirst()).containsEntry("query_calls", 1);
  }

  @Test
  void live_finds_the_feature_missing_before_anything_is_ordered() {
    String merchant = withoutFeature();

    wrong(live(merchant), "feature").body(item("feature") + ".wechat.errcode", equalTo(48001));
  }

  @Test
  void live_finds_and_keeps_what_no_push_told() {
    String merchant = scene.merchant();
    scene.sandbox.control(
        "POST",
        "accounts/" + merchant + "/update",
        Map.of("component_appid", scene.app.appid(), "permission_sets", List.of(1), "push", false));
    scene.sandbox.account(Map.of("appid", merchant, "account_status", 19));

    live(merchant)
        .body("ready", equalTo(false))
        .body(item("permission_set") + ".ok", equalTo(false))
        .body(item("account_status") + ".ok", equalTo(false))
        .body(item("account_status") + ".detail", equalTo("account_status 19: frozen"));

    readiness(merchant).body(item("permission_set") + ".ok", equalTo(false));
    scene
        .get("/api/v1/authorizers/" + merchant + "/history")
        .body("items.kind", contains("permission_sets_changed", "account_status_changed"))
        .body("items.found_by", everyItem(equalTo("readiness")));
  }

  @Test
  void live_tells_of_a_merchant_who_left_unnoticed() {
    String merchant = scene.merchant();
    scene.sandbox.unauthorize(scene.app.appid(), merchant, false);

    wrong(live(merchant), "authorization")
        .body(item("authorization") + ".wechat.errcode", equalTo(61003))
        .body(item("authorization") + ".authorization_link.url", notNullValue());
  }

  static Stream<Arguments> refusals() {
    return Stream.of(
        Arguments.of(QUERY, 48001, "feature"),
        Arguments.of(QUERY, 48004, "feature"),
        Arguments.of(QUERY, 61007, "permission_set"),
        Arguments.of(QUERY, 61017, "permission_set"),
        Arguments.of(QUERY, 61016, "permission_set"),
        Arguments.of(QUERY, 50002, "account_status"),
        Arguments.of(QUERY, 61004, "platform"),
        Arguments.of(QUERY, 45009, "quota"),
        Arguments.of(INFO, 61004, "platform"),
        Arguments.of(INFO, 40164, "platform"),
        Arguments.of(INFO, 61028, "platform"),
        Arguments.of(INFO, 61003, "authorization"));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void each_refusal_of_wechat_is_about_one_item(String path, int errcode, String item) {
    String merchant = scene.merchant();
    scene.fault(path, OrderScene.errcode(errcode), 10);

    wrong(live(merchant), item).body(item(item) + ".wechat.errcode", equalTo(errcode));
  }

  @Test
  void an_address_that_is_not_registered_is_shown() {
    String merchant = scene.merchant();
    scene.fault(INFO, unregisteredAddress(), 1);

    wrong(live(merchant), "platform")
        .body(item("platform") + ".address_seen", equalTo("203.0.113.7"))
        .body(item("platform") + ".remedy.zh", containsString("203.0.113.7"));
  }

  /** Nothing says what WeChat answers about an application that it does not know. */
  @Test
  void an_objection_to_the_application_is_a_proof_and_an_unknown_number_is_none() {
    String merchant = scene.merchant();
    for (int objection : new int[] {40097, 47001, 40002}) {
      scene.fault(QUERY, OrderScene.errcode(objection), 1);
      live(merchant).body(item("feature") + ".ok", equalTo(true)).body("ready", equalTo(true));
    }
    scene.fault(QUERY, OrderScene.errcode(9_410_001), 1);

    live(merchant)
        .body("ready", nullValue())
        .body(item("feature") + ".ok", nullValue())
        .body(item("feature") + ".wechat.errcode", equalTo(9_410_001));
  }

  @Test
  void no_answer_is_no_verdict() {
    String merchant = scene.merchant();
    for (Map<String, ?> how :
        List.of(
            OrderScene.errcode(-1),
            Map.of("kind", "reset"),
            Map.of("kind", "http", "status", 502))) {
      scene.fault(INFO, how, 2);
      scene.fault(QUERY, how, 2);

      live(merchant)
          .statusCode(200)
          .body("ready", nullValue())
          .body("items.findAll { it.item != 'code_key' }.ok", not(hasItem(false)));
      scene.sandbox.clearFaults();
    }
  }

  @Test
  void a_wechat_that_hangs_is_waited_for_eight_seconds_at_most() {
    String merchant = scene.merchant();
    scene.fault(INFO, Map.of("kind", "timeout"), 5);
    scene.fault(QUERY, Map.of("kind", "timeout"), 5);
    scene.fault("/cgi-bin/openapi/quota/get", Map.of("kind", "timeout"), 5);

    await()
        .atMost(Duration.ofSeconds(14))
        .untilAsserted(() -> live(merchant).body("ready", nullValue()));
  }

  @Test
  void a_question_is_counted_and_not_asked_while_the_quota_is_used_up() {
    String merchant = scene.merchant();
    scene.fault(QUERY, OrderScene.errcode(45009), 1);
    wrong(live(merchant), "quota");

    wrong(live(merchant), "quota").body(item("feature") + ".ok", nullValue());

    scene
        .get("/api/v1/authorizers/" + merchant + "/quota")
        .body("apis.find { it.cgi_path == '" + QUERY + "' }.calls", equalTo(1));
  }

  // ---- odd requests ----------------------------------------------------------------------------

  @Test
  void only_true_and_false_are_taken() {
    String merchant = scene.merchant();
    for (String odd : List.of("yes", "TRUE", "1", "%20")) {
      scene
          .get(path(merchant) + "?live=" + odd)
          .statusCode(422)
          .body("errors.field", contains("live"));
    }
    scene.get(path(merchant) + "?live=false").statusCode(200).body("live", equalTo(false));
  }

  @Test
  void strangers_are_not_there() {
    String merchant = OrderScene.open().merchant();

    scene.get(path(merchant)).statusCode(404).body("code", equalTo("authorizer_not_found"));
    scene.get(path(merchant) + "?live=true").statusCode(404);
    scene.get(path("wx0nobody")).statusCode(404);
  }

  // ---- what the tests are made of --------------------------------------------------------------

  private ValidatableResponse readiness(String merchant) {
    return scene.get(path(merchant)).statusCode(200);
  }

  private ValidatableResponse live(String merchant) {
    return scene.get(path(merchant) + "?live=true").statusCode(200);
  }

  private static ValidatableResponse as(String platform, String merchant, String query) {
    return OrderScene.asOperator()
        .header("Yima-Provider", platform)
        .get(path(merchant) + query)
        .then()
        .statusCode(200);
  }

  /** This item is wrong, and says what to do. */
  private static ValidatableResponse wrong(ValidatableResponse answer, String item) {
    return answer
        .body("ready", equalTo(false))
        .body("items.findAll { it.ok == false }.item", hasItem(item))
        .body(item(item) + ".remedy.en", notNullValue())
        .body(item(item) + ".remedy.zh", notNullValue());
  }

  private String withoutFeature() {
    String appid = scene.sandbox.serviceAccount("还没开通");
    scene.sandbox.account(Map.of("appid", appid, "features", List.of()));
    scene.authorize(appid, List.of(1, 46));
    return appid;
  }

  private static Map<String, Object> unregisteredAddress() {
    return Map.of(
        "kind",
        "errcode",
        "errcode",
        61004,
        "errmsg",
        "access clientip is not registered, requestIP: 203.0.113.7 rid: 6-abc-def");
  }

  private static String path(String merchant) {
    return "/api/v1/authorizers/" + merchant + "/readiness";
  }

  private static String item(String name) {
    return "items.find { it.item == '" + name + "' }";
  }
}
