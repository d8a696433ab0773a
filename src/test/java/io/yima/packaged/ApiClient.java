package io.yima.packaged;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.YimaTestResource;
import java.util.Map;

/** Calls one node's API as an operator who acts for one provider. */
record ApiClient(int port, ComponentApp app) {

  Response register() {
    return request()
        .body(
            Map.of(
                "component_appid", app.appid(),
                "name", "packaged",
                "component_appsecret", app.appsecret(),
                "message_token", app.messageToken(),
                "encoding_aes_key", app.encodingAesKey()))
        .post("/api/v1/providers");
  }

  Response order(String authorizerAppid, String isvApplicationId) {
    return request()
        .body(Map.of("code_count", 50_000, "isv_application_id", isvApplicationId))
        .post("/api/v1/authorizers/{appid}/code-applications", authorizerAppid);
  }

  Response application(String authorizerAppid, String isvApplicationId) {
    return request()
        .get(
            "/api/v1/authorizers/{appid}/code-applications/{id}",
            authorizerAppid,
            isvApplicationId);
  }

  Response refresh(String authorizerAppid) {
    return request()
        .body(Map.of())
        .post("/api/v1/authorizers/{appid}/token/refresh", authorizerAppid);
  }

  Response token(String authorizerAppid) {
    return request().get("/api/v1/authorizers/{appid}/token", authorizerAppid);
  }

  Response authorizer(String authorizerAppid) {
    return request().get("/api/v1/authorizers/{appid}", authorizerAppid);
  }

  Response providerKey() {
    return request()
        .body(Map.of("name", "packaged", "scopes", new String[] {"read", "write", "tokens"}))
        .post("/api/v1/providers/{component}/keys", app.appid());
  }

  /** Any request, with the keys of this client. */
  Response send(String method, String path, String body) {
    return (body.isEmpty() ? request() : request().body(body)).request(method, path);
  }

  String metrics() {
    return request().get("/q/metrics").asString();
  }

  private RequestSpecification request() {
    return given()
        .baseUri("http://localhost:" + port)
        .port(port)
        .contentType(ContentType.JSON)
        .header("Authorization", "Bearer " + YimaTestResource.OPERATOR_KEY)
        .header("Yima-Provider", app.appid());
  }
}
