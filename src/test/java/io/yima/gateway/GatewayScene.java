package io.yima.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.yima.codes.OrderScene;
import io.yima.testsupport.Time;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
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

  /** Orders codes at the gateway, waits until WeChat has made them, and gives its number. */
  long finished(String isvApplicationId, long codeCount) {
    long applicationId =
        call(
                "/intp/marketcode/applycode",
                "{\"code_count\":%d,\"isv_application_id\":\"%s\"}"
                    .formatted(codeCount, isvApplicationId))
            .getLong("application_id");
    Time.passes(Duration.ofMinutes(20));
    OrderScene.syncDue();
    return applicationId;
  }

  /** The body of an activation, of which one field is another. */
  static String activation(
      long applicationId, long codeStart, long codeEnd, String field, Object value) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("application_id", applicationId);
    body.put("activity_name", "春茶季");
    body.put("product_brand", "西湖");
    body.put("product_title", "明前龙井 50g");
    body.put("product_code", "6901234567892");
    body.put("wxa_appid", "wxdemo00program01");
    body.put("wxa_path", "pages/scan/index");
    body.put("code_start", codeStart);
    body.put("code_end", codeEnd);
    body.put(field, value);
    return json(body);
  }

  static String activation(long applicationId, long codeStart, long codeEnd) {
    return activation(applicationId, codeStart, codeEnd, "wxa_type", 0);
  }

  static String range(long applicationId, long codeStart, long codeEnd) {
    return "{\"application_id\":%d,\"code_start\":%d,\"code_end\":%d}"
        .formatted(applicationId, codeStart, codeEnd);
  }

  static String json(Map<String, ?> body) {
    try {
      return new ObjectMapper().writeValueAsString(body);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** What a scan of a code gives the page that it opens. */
  String ticket(long applicationId, long codeIndex, String openid) {
    return orders
        .sandbox
        .control(
            "POST",
            "code-tickets",
            Map.of("application_id", applicationId, "code_index", codeIndex, "openid", openid))
        .getString("code_ticket");
  }

  /** The same call, of WeChat itself. */
  String wechat(String path, String body) {
    String address = orders.sandbox.address();
    String token =
        orders.get("/api/v1/authorizers/" + merchant + "/token").extract().path("access_token");
    return given()
        .baseUri(address)
        .port(URI.create(address).getPort())
        .queryParam("access_token", token)
        .contentType("application/json")
        .body(body)
        .post(path)
        .asString();
  }

  /** The merchant's next call of this interface goes wrong in this way. */
  void fails(String path, Map<String, ?> how) {
    Map<String, Object> rule = new HashMap<>(how);
    rule.put("appid", merchant);
    orders.fault(path, rule, 1);
  }

  /** What the audit trail has of the merchant, newest first. */
  JsonPath audit(String action) {
    return OrderScene.asOperator()
        .get("/api/v1/audit-events?authorizer_appid=" + merchant + "&action=" + action)
        .jsonPath();
  }

  List<Map<String, Object>> applications() {
    return orders.sandbox.applications(merchant);
  }
}
