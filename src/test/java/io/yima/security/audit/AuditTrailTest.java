package io.yima.security.audit;

import static io.yima.security.audit.AuditScene.applications;
import static io.yima.security.audit.AuditScene.orderOf;
import static io.yima.security.audit.AuditScene.token;
import static io.yima.security.audit.AuditScene.with;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.config.HttpClientConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.yima.testsupport.Sandbox;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class AuditTrailTest {

  @Inject AuditTrail trail;
  @Inject SettableClock clock;

  private AuditScene scene;

  @BeforeEach
  void open() {
    scene = AuditScene.open();
  }

  @AfterEach
  void mend() {
    Sandbox.ofThisTest().clearFaults();
  }

  @Test
  void what_operators_do_is_kept_once_each() {
    String own = "/api/v1/providers/" + scene.app.appid();
    JsonPath key = scene.newKey("erp", "read", "write");
    String id = key.getString("id");
    scene.operator().body(Map.of("name", "Renamed", "message_token", "a-new-token")).patch(own);
    Map<String, String> noReturnUrl = new HashMap<>();
    noReturnUrl.put("return_url", null);
    scene.operator().body(noReturnUrl).patch(own);
    scene.operator().body(Map.of()).patch(own).then().statusCode(200);
    for (int i = 0; i < 2; i++) {
      scene.operator().delete(own + "/keys/" + id).then().statusCode(204);
    }
    for (int i = 0; i < 2; i++) {
      scene.operator().delete(own).then().statusCode(204);
    }

    List<Map<String, Object>> events = scene.events().reversed();

    assertThat(events)
        .extracting(event -> event.get("action"), event -> event.get("detail"))
        .containsExactly(
            tuple("provider.registered", null),
            tuple("key.created", "erp (" + key.getString("prefix") + "…): read, write"),
            tuple("provider.changed", "name, message_token"),
            tuple("provider.changed", "return_url"),
            tuple("key.revoked", "erp (" + key.getString("prefix") + "…)"),
            tuple("provider.archived", null));
    assertThat(events.get(1)).containsEntry("object", id);
    assertThat(events.get(4)).containsEntry("object", id);
  }

  @Test
  void what_a_provider_s_system_does_is_kept_with_key_actor_and_request() {
    String merchant = scene.merchant();
    JsonPath key = scene.newKey("erp", "read", "write");

    Response ordered =
        with(key.getString("key"))
            .config(inUtf8())
            .header("Yima-Actor", "韩梅梅")
            .header("X-Request-Id", "order-of-today")
            .body(orderOf("spring/1", 20_000))
            .post(applications(merchant));

    assertThat(ordered.statusCode()).as(ordered.asString()).isEqualTo(201);
    assertThat(ordered.jsonPath().getString("actor")).isEqualTo("韩梅梅");
    assertThat(
            with(key.getString("key"))
                .urlEncodingEnabled(false)
                .get(applications(merchant) + "/spring%2F1/history")
                .jsonPath()
                .getString("items[0].actor"))
        .isEqualTo("韩梅梅");
    Map<String, Object> event = scene.events().getFirst();
    assertThat(event)
        .containsEntry("action", "application.ordered")
        .containsEntry("component_appid", scene.app.appid())
        .containsEntry("authorizer_appid", merchant)
        .containsEntry("object", "spring/1")
        .containsEntry("count", 1)
        .containsEntry("actor", "韩梅梅")
        .containsEntry("request_id", "order-of-today")
        .containsEntry("detail", "code_count 20000")
        .containsKeys("id", "at", "last_at", "node");
    assertThat(event.get("last_at")).isEqualTo(event.get("at"));
    assertThat(event.get("key"))
        .isEqualTo(
            Map.of("id", key.getString("id"), "name", "erp (" + key.getString("prefix") + "…)"));
  }

  @Test
  void links_adoption_and_what_is_done_to_applications_are_kept() {
    String merchant = scene.merchant();
    scene.operator().body(Map.of("biz_appid", merchant)).post("/api/v1/authorization-links");
    scene.operator().post("/api/v1/authorizers/adopt").then().statusCode(202);
    order(merchant, "one", 201);
    order(merchant, "one", 200);
    verb(merchant, "one", "sync").then().statusCode(200);
    // The token has run out and no other is to be had: nothing can leave.
    Time.passes(Duration.ofHours(3));
    Sandbox.ofThisTest()
        .fault(
            Map.of("path", "/cgi-bin/component/*", "kind", "errcode", "errcode", -1, "times", 20));
    order(merchant, "two", 202);
    order(merchant, "two", 202);
    for (int i = 0; i < 2; i++) {
      verb(merchant, "two", "withdraw").then().statusCode(200);
    }

    assertThat(scene.actions())
        .containsExactly(
            "provider.registered",
            "link.created",
            "authorizers.adopted",
            "application.ordered",
            "application.synced",
            "application.ordered",
            "application.woken",
            "application.withdrawn");
    Map<String, Object> link = scene.events(Map.of("action", "link.created")).getFirst();
    assertThat(link).containsEntry("authorizer_appid", merchant);
    assertThat((String) link.get("object")).hasSize(36);
  }

  @Test
  void what_is_refused_leaves_no_event() {
    String merchant = scene.merchant();
    order(merchant, "one", 201);
    String key = scene.newKey("reader", "read").getString("key");
    List<String> before = scene.actions();
    String own = "/api/v1/providers/" + scene.app.appid();

    order(merchant, "one", 409, 20_000);
    order(merchant, " ", 422);
    order("wxnobody", "two", 404);
    verb(merchant, "one", "withdraw").then().statusCode(409);
    verb(merchant, "unknown", "sync").then().statusCode(404);
    with(key).get(token(merchant)).then().statusCode(403);
    scene.operator().get(token("wxnobody")).then().statusCode(404);
    scene
        .operator()
        .body(Map.of("if_token", "another"))
        .post(token(merchant) + "/refresh")
        .then()
        .statusCode(200);
    scene.operator().body(Map.of("encoding_aes_key", "short")).patch(own).then().statusCode(422);
    scene.operator().delete(own + "/keys/" + UUID.randomUUID()).then().statusCode(404);
    scene.operator().body(Map.of("name", "x")).post(own + "/keys").then().statusCode(422);
    scene.operator().body(Map.of("auth_type", 9)).post("/api/v1/authorization-links");

    assertThat(scene.actions()).isEqualTo(before);
  }

  @Test
  void an_action_whose_event_cannot_be_kept_does_not_happen() {
    String own = "/api/v1/providers/" + scene.app.appid();
    String tooLong = "x".repeat(129);

    scene.operator().header("Yima-Actor", tooLong).delete(own).then().statusCode(400);
    scene
        .operator()
        .header("Yima-Actor", tooLong)
        .body(Map.of("name", "x", "scopes", List.of("read")))
        .post(own + "/keys")
        .then()
        .statusCode(400);

    assertThat(scene.operator().get(own).jsonPath().getString("status")).isEqualTo("ACTIVE");
    assertThat(scene.operator().get(own + "/keys").jsonPath().getList("items")).isEmpty();
    assertThat(scene.actions()).containsExactly("provider.registered");
  }

  @Test
  void outside_of_a_transaction_nothing_is_kept() {
    AuditEntry entry = AuditEntry.of(AuditAction.PROVIDER_CHANGED, scene.provider());

    assertThatThrownBy(() -> trail.record(entry))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("transaction of its action");
  }

  @Test
  void no_event_holds_a_secret() {
    String merchant = scene.merchant();
    JsonPath key = scene.newKey("erp", "tokens", "write");
    String secret = "a-very-new-secret-of-the-component";
    scene
        .operator()
        .body(Map.of("component_appsecret", secret))
        .patch("/api/v1/providers/" + scene.app.appid());
    String accessToken =
        with(key.getString("key")).get(token(merchant)).jsonPath().getString("access_token");
    with(key.getString("key"))
        .body(Map.of("if_token", accessToken))
        .post(token(merchant) + "/refresh")
        .then()
        .statusCode(200);

    assertThat(scene.actions())
        .contains("provider.changed", "token.read")
        .endsWith("token.refreshed");
    assertThat(scene.events().toString())
        .doesNotContain(
            secret,
            accessToken,
            key.getString("key"),
            YimaTestResource.OPERATOR_KEY,
            scene.app.appsecret(),
            scene.app.messageToken(),
            scene.app.encodingAesKey());
  }

  /** Headers go out in UTF-8, as people's names are. */
  private static RestAssuredConfig inUtf8() {
    return RestAssured.config()
        .httpClient(
            HttpClientConfig.httpClientConfig().setParam("http.protocol.element-charset", "UTF-8"));
  }

  private void order(String merchant, String id, int status) {
    order(merchant, id, status, 10_000);
  }

  private void order(String merchant, String id, int status, int codeCount) {
    scene
        .operator()
        .body(orderOf(id, codeCount))
        .post(applications(merchant))
        .then()
        .statusCode(status);
  }

  private Response verb(String merchant, String id, String verb) {
    return scene.operator().post(applications(merchant) + "/" + id + "/" + verb);
  }
}
