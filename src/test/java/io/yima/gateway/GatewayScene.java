package io.yima.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.yima.codes.OrderScene;
import java.util.List;
import java.util.Map;

/** A provider with a merchant, and the keys that software at the gateway shows. */
final class GatewayScene {

  final OrderScene orders = OrderScene.open();
  final String merchant = orders.merchant();
  final String key = newKey("gateway");

  /** A key of the provider. */
  String newKey(String... scopes) {
    return makeKey(Map.of("name", "shop", "scopes", scopes)).getString("key");
  }

  JsonPath makeKey(Map<String, ?> body) {
    Response answer =
        OrderScene.asOperator()
            .body(body)
            .post("/api/v1/providers/" + orders.app.appid() + "/keys");
    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(201);
    return answer.jsonPath();
  }

  void revoke(String id) {
    OrderScene.asOperator()
        .delete("/api/v1/providers/" + orders.app.appid() + "/keys/" + id)
        .then()
        .statusCode(204);
  }

  Response askToken(String path, String appid, String secret) {
    return given()
        .queryParam("grant_type", "client_credential")
        .queryParam("appid", appid)
        .queryParam("secret", secret)
        .get("/gateway/" + merchant + "/cgi-bin/" + path);
  }

  String token() {
    return answer(askToken("token", merchant, key)).getString("access_token");
  }

  /** What a call with a token comes to, which has status 200 whatever it is. */
  JsonPath call(String token, String path, String body) {
    return answer(
        given()
            .queryParam("access_token", token)
            .contentType("text/plain;charset=UTF-8")
            .body(body)
            .post("/gateway/" + merchant + path));
  }

  JsonPath call(String path, String body) {
    return call(token(), path, body);
  }

  JsonPath apply(String isvApplicationId) {
    return call("/intp/marketcode/applycode", order(isvApplicationId));
  }

  static String order(String isvApplicationId) {
    return "{\"code_count\":10000,\"isv_application_id\":\"" + isvApplicationId + "\"}";
  }

  static JsonPath answer(Response response) {
    assertThat(response.statusCode()).as(response.asString()).isEqualTo(200);
    assertThat(response.contentType()).startsWith("application/json");
    return response.jsonPath();
  }

  List<Map<String, Object>> applications() {
    return orders.sandbox.applications(merchant);
  }
}
