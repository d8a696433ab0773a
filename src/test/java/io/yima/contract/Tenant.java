package io.yima.contract;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import io.quarkus.arc.Arc;
import io.quarkus.arc.InstanceHandle;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Sandbox;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import io.yima.work.DueWork;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** A provider with everything that the API can name: merchants, an application, a link, keys. */
final class Tenant {

  static final List<String> SCOPES = List.of("read", "write", "tokens", "codes");

  final Sandbox sandbox = Sandbox.ofThisTest();
  final ComponentApp app = ComponentApp.unheardOf();
  final String mark = "mark-" + UUID.randomUUID();
  final String merchant;
  final String otherMerchant;
  final String application = "app-" + UUID.randomUUID();
  final String applicationId;
  final String activation;
  final String link;
  final String cursor;
  final String token;
  final String keyId;
  final String key;

  Tenant() {
    register();
    merchant = authorized("shop");
    otherMerchant = authorized("branch");
    applicationId = order(application).toString();
    order(application + "-2");
    Time.passes(Duration.ofMinutes(1));
    runDue();
    activation = activation();
    link = link();
    cursor =
        as(YimaTestResource.OPERATOR_KEY).get("/api/v1/code-applications?limit=1").path("next");
    token = as(YimaTestResource.OPERATOR_KEY).get(path() + "/token").path("access_token");
    Map<String, String> made = makeKey(SCOPES, null);
    key = made.get("key");
    keyId = made.get("id");
  }

  private void register() {
    as(YimaTestResource.OPERATOR_KEY)
        .body(
            Map.of(
                "component_appid", app.appid(),
                "name", mark + " platform",
                "component_appsecret", app.appsecret(),
                "message_token", app.messageToken(),
                "encoding_aes_key", app.encodingAesKey()))
        .post("/api/v1/providers")
        .then()
        .statusCode(201);
    sandbox.platform(app, "http://localhost:" + RestAssured.port);
    sandbox.pushTicket(app.appid());
    runDue();
  }

  private String authorized(String name) {
    String appid = sandbox.serviceAccount(mark + " " + name);
    sandbox.authorize(app.appid(), appid, List.of(1, 46));
    await()
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              runDue();
              return Boolean.TRUE.equals(
                  as(YimaTestResource.OPERATOR_KEY)
                      .get("/api/v1/authorizers/" + appid)
                      .path("marketing_codes"));
            });
    return appid;
  }

  private Object order(String isvApplicationId) {
    return as(YimaTestResource.OPERATOR_KEY)
        .header("Yima-Actor", mark + " actor")
        .body(
            Map.of(
                "code_count",
                10_000,
                "isv_application_id",
                isvApplicationId,
                "label",
                mark + " label"))
        .post(path() + "/code-applications")
        .then()
        .statusCode(201)
        .extract()
        .path("application_id");
  }

  private String activation() {
    return as(YimaTestResource.OPERATOR_KEY)
        .body(
            Map.of(
                "activity_name",
                mark + " activity",
                "product_brand",
                mark + " brand",
                "product_title",
                mark + " title",
                "product_code",
                "6901234567892",
                "wxa_appid",
                "wxdemo00program01",
                "wxa_path",
                mark + "/page",
                "code_start",
                0,
                "code_end",
                9))
        .post(path() + "/code-applications/" + application + "/activations")
        .then()
        .statusCode(201)
        .extract()
        .path("id");
  }

  private String link() {
    String url =
        as(YimaTestResource.OPERATOR_KEY)
            .body(Map.of("return_url", "https://" + mark + ".example.com/done"))
            .post("/api/v1/authorization-links")
            .then()
            .statusCode(201)
            .extract()
            .path("url");
    return url.substring(url.lastIndexOf('/') + 1);
  }

  /** A key with these scopes, restricted to these merchants unless null. */
  Map<String, String> makeKey(List<String> scopes, List<String> merchants) {
    var response =
        as(YimaTestResource.OPERATOR_KEY)
            .body(
                merchants == null
                    ? Map.of("name", mark + " key", "scopes", scopes)
                    : Map.of(
                        "name", mark + " key", "scopes", scopes, "authorizer_appids", merchants))
            .post("/api/v1/providers/" + app.appid() + "/keys")
            .then()
            .statusCode(201)
            .extract();
    return Map.of("key", response.path("key"), "id", response.path("id"));
  }

  /** Texts that nobody else may ever see. */
  List<String> secrets() {
    List<String> secrets = new ArrayList<>();
    secrets.addAll(
        List.of(mark, app.appid(), app.appsecret(), app.messageToken(), app.encodingAesKey()));
    secrets.addAll(List.of(merchant, otherMerchant, application, applicationId, activation, link));
    secrets.addAll(List.of(token, key, keyId));
    return secrets;
  }

  /** Texts that not even an operator sees. */
  List<String> sealed() {
    return List.of(app.appsecret(), app.messageToken(), app.encodingAesKey(), token, key);
  }

  /** What this tenant would put where a parameter or field of this name stands; null: nothing. */
  String own(String name) {
    return switch (name) {
      case "component_appid", "Yima-Provider" -> app.appid();
      case "authorizer_appid", "biz_appid" -> merchant;
      case "isv_application_id" -> application;
      case "application_id" -> applicationId;
      case "activation_id" -> activation;
      case "id" -> keyId;
      case "link" -> link;
      case "after" -> cursor;
      case "if_token", "auth_code" -> token;
      default -> null;
    };
  }

  private RequestSpecification as(String key) {
    return given()
        .contentType(ContentType.JSON)
        .header("Authorization", "Bearer " + key)
        .header("Yima-Provider", app.appid());
  }

  private String path() {
    return "/api/v1/authorizers/" + merchant;
  }

  private static void runDue() {
    for (InstanceHandle<DueWork> kind : Arc.container().listAll(DueWork.class)) {
      kind.get().runDue(500);
    }
  }
}
