package io.yima.security.audit;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.arc.Arc;
import io.quarkus.arc.InstanceHandle;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.yima.callback.ConnectedProviders;
import io.yima.tenancy.ProviderDirectory;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Sandbox;
import io.yima.testsupport.YimaTestResource;
import io.yima.work.DueWork;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** A provider, its merchant, and the operator who reads the trail. */
final class AuditScene {

  static final String EVENTS = "/api/v1/audit-events";

  final ComponentApp app = ComponentApp.unheardOf();

  static AuditScene open() {
    AuditScene scene = new AuditScene();
    Arc.container().instance(ConnectedProviders.class).get().connect(scene.app);
    return scene;
  }

  ProviderId provider() {
    return Arc.container()
        .instance(ProviderDirectory.class)
        .get()
        .find(app.appid())
        .orElseThrow()
        .id();
  }

  /** A merchant who granted everything and has a token. */
  String merchant() {
    String merchant = Sandbox.ofThisTest().serviceAccount("有据可查");
    Sandbox.ofThisTest().authorize(app.appid(), merchant, List.of(1, 46));
    // Pushed behind the sandbox's answer.
    await().atMost(Duration.ofMinutes(1)).until(() -> hasMarketingCodes(merchant));
    return merchant;
  }

  private boolean hasMarketingCodes(String merchant) {
    runDue();
    return Boolean.TRUE.equals(
        operator().get("/api/v1/authorizers/" + merchant).path("marketing_codes"));
  }

  private static void runDue() {
    for (InstanceHandle<DueWork> kind : Arc.container().listAll(DueWork.class)) {
      kind.get().runDue(500);
    }
  }

  /** A key of the provider; its answer's {@code key} and {@code id}. */
  JsonPath newKey(String name, String... scopes) {
    Response answer =
        operator()
            .body(Map.of("name", name, "scopes", scopes))
            .post("/api/v1/providers/" + app.appid() + "/keys");
    assertThat(answer.statusCode()).isEqualTo(201);
    return answer.jsonPath();
  }

  RequestSpecification operator() {
    return with(YimaTestResource.OPERATOR_KEY).header("Yima-Provider", app.appid());
  }

  static RequestSpecification with(String key) {
    return given().auth().oauth2(key).contentType(ContentType.JSON);
  }

  static String token(String merchant) {
    return "/api/v1/authorizers/" + merchant + "/token";
  }

  static String applications(String merchant) {
    return "/api/v1/authorizers/" + merchant + "/code-applications";
  }

  static Map<String, Object> orderOf(String id, int codeCount) {
    return Map.of("isv_application_id", id, "code_count", codeCount);
  }

  /** This provider's events, newest first. */
  List<Map<String, Object>> events() {
    return events(Map.of());
  }

  List<Map<String, Object>> events(Map<String, ?> filters) {
    Map<String, Object> query = new HashMap<>(filters);
    query.put("component_appid", app.appid());
    return operator().queryParams(query).get(EVENTS).then().statusCode(200).extract().path("items");
  }

  List<String> actions() {
    return events().stream().map(event -> (String) event.get("action")).toList().reversed();
  }
}
