package io.yima.activations;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.arc.Arc;
import io.restassured.response.ValidatableResponse;
import io.yima.codes.OrderScene;
import io.yima.packages.PackageDownloads;
import io.yima.testsupport.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A merchant with codes that are ready, and what its provider does with them over REST. */
public final class ActivationScene {

  static final String ACTIVATE = "/intp/marketcode/codeactive";
  public static final String QUERY = "/intp/marketcode/codeactivequery";
  public static final String PRODUCT_CODE = "6901234567892";

  public final OrderScene orders;
  public final String merchant;

  private ActivationScene(OrderScene orders) {
    this.orders = orders;
    this.merchant = orders.merchant();
  }

  public static ActivationScene open() {
    return new ActivationScene(OrderScene.open());
  }

  /** Orders codes and waits until WeChat has made them. */
  public void finished(String isvApplicationId, long codeCount) {
    orders.order(merchant, isvApplicationId, codeCount).statusCode(201);
    Time.passes(Duration.ofMinutes(20));
    OrderScene.syncDue();
    orders.application(merchant, isvApplicationId).body("state", equalTo("FINISHED"));
  }

  /** Everything an activation needs, for this range. */
  public static Map<String, Object> body(long codeStart, long codeEnd) {
    Map<String, Object> body = new HashMap<>();
    body.put("activity_name", "春茶季");
    body.put("product_brand", "西湖");
    body.put("product_title", "明前龙井 50g");
    body.put("product_code", PRODUCT_CODE);
    body.put("wxa_appid", "wxdemo00program01");
    body.put("wxa_path", "pages/scan/index");
    body.put("code_start", codeStart);
    body.put("code_end", codeEnd);
    return body;
  }

  public static Map<String, Object> body(long codeStart, long codeEnd, String field, Object value) {
    Map<String, Object> body = body(codeStart, codeEnd);
    body.put(field, value);
    return body;
  }

  public ValidatableResponse activate(String isvApplicationId, Map<String, ?> body) {
    return orders.asProvider().body(body).post(activations(isvApplicationId)).then();
  }

  ValidatableResponse activation(String isvApplicationId, String id) {
    return orders.get(activations(isvApplicationId) + "/" + id);
  }

  ValidatableResponse list(String isvApplicationId) {
    return orders.get(activations(isvApplicationId));
  }

  ValidatableResponse accounting(String isvApplicationId) {
    return orders.get(OrderScene.application(merchant, isvApplicationId, "/accounting"));
  }

  public ValidatableResponse lookUp(Map<String, ?> body) {
    return orders
        .asProvider()
        .body(body)
        .post("/api/v1/authorizers/" + merchant + "/code-lookups")
        .then();
  }

  String activations(String isvApplicationId) {
    return OrderScene.application(merchant, isvApplicationId, "/activations");
  }

  /** What WeChat has bound of the merchant's one application, call by call. */
  List<Map<String, Object>> bound() {
    return given()
        .baseUri(orders.sandbox.address())
        .get("/sandbox/applications")
        .jsonPath()
        .getList("findAll { it.authorizer_appid == '" + merchant + "' }.bound.flatten()");
  }

  /** Sets the merchant's code key and fetches what is finished. */
  public void stored() {
    orders
        .asProvider()
        .body(Map.of("key", orders.sandbox.account(merchant).getString("code_key")))
        .put("/api/v1/authorizers/" + merchant + "/code-key")
        .then()
        .statusCode(204);
    Time.passes(Duration.ofMinutes(1));
    PackageDownloads downloads = Arc.container().instance(PackageDownloads.class).get();
    while (downloads.runDue(2) > 0) {
      // Until nothing is due any more.
    }
  }

  /** Works off what is due of activations alone. */
  static int activateDue() {
    return Arc.container().instance(ActivationWork.class).get().runDue(500);
  }

  /** The merchant's next calls of this interface go wrong in this way. */
  public void fails(String path, Map<String, ?> how, int times) {
    Map<String, Object> rule = new HashMap<>(how);
    rule.put("appid", merchant);
    orders.fault(path, rule, times);
  }
}
