package io.yima.codes;

import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quarkus.arc.Arc;
import io.quarkus.arc.InstanceHandle;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.yima.authorizer.AuthorizerStanding;
import io.yima.authorizer.AuthorizerStatus;
import io.yima.authorizer.Authorizers;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderDirectory;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Sandbox;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import io.yima.work.DueWork;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** A provider whose merchants have authorized it, and what its engineer does over REST. */
public final class OrderScene {

  private static final String APPLY = "/intp/marketcode/applycode";
  private static final String QUERY = "/intp/marketcode/applycodequery";

  /** More than any test has at once. */
  private static final int SCENES_AT_ONCE = 5;

  private static final JsonMapper JSON = new JsonMapper();

  private static final Deque<OrderScene> OPEN = new ArrayDeque<>();

  public final Sandbox sandbox = Sandbox.ofThisTest();
  public final ComponentApp app = ComponentApp.unheardOf();

  private OrderScene() {}

  public static OrderScene open() {
    Time.agree();
    OrderScene scene = new OrderScene();
    scene.register();
    OPEN.add(scene);
    if (OPEN.size() > SCENES_AT_ONCE) {
      OPEN.removeFirst().close();
    }
    return scene;
  }

  /** What passes for one test passes for all: hundreds of tickets would come every ten minutes. */
  private void close() {
    asOperator().delete("/api/v1/providers/" + app.appid()).then().statusCode(204);
    sandbox.stopTickets(app.appid());
  }

  private void register() {
    asOperator()
        .body(
            Map.of(
                "component_appid", app.appid(),
                "name", "Provider " + app.appid(),
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

  public ProviderId provider() {
    return bean(ProviderDirectory.class).find(app.appid()).orElseThrow().id();
  }

  /** A service account that granted everything orders need, and whose token is there. */
  public String merchant() {
    String appid = sandbox.serviceAccount("商家");
    authorize(appid, List.of(1, 46));
    // A comparison with WeChat's list may have brought it in before its code was exchanged.
    await()
        .pollDelay(Duration.ZERO)
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              runDue("callback-inbox");
              runDue("token-refresh");
              return hasFreshToken(appid);
            });
    return appid;
  }

  /** Read without a path in REST Assured, which compiles each question that it is asked. */
  private boolean hasFreshToken(String appid) {
    String shown = asProvider().get("/api/v1/authorizers/" + appid).asString();
    try {
      return JSON.readTree(shown).at("/token/state").asText().equals("FRESH");
    } catch (JsonProcessingException e) {
      throw new AssertionError(shown, e);
    }
  }

  public void authorize(String appid, List<Integer> sets) {
    sandbox.authorize(app.appid(), appid, sets);
    boolean marketingCodes = sets.contains(AuthorizerStanding.MARKETING_CODE_SET);
    awaitStanding(
        appid,
        standing ->
            standing.status() == AuthorizerStatus.ACTIVE
                && standing.marketingCodeSet() == marketingCodes);
  }

  public void unauthorize(String appid) {
    sandbox.unauthorize(app.appid(), appid, true);
    awaitStanding(appid, standing -> standing.status() == AuthorizerStatus.REVOKED);
  }

  private void awaitStanding(String appid, Predicate<AuthorizerStanding> condition) {
    ProviderId provider = provider();
    await()
        .pollDelay(Duration.ZERO)
        .atMost(Duration.ofMinutes(1))
        .until(
            () -> {
              runDue();
              return bean(Authorizers.class)
                  .standing(new AuthorizerId(provider, appid))
                  .filter(condition)
                  .isPresent();
            });
    // Whatever was still to follow, such as the profile.
    runDue();
  }

  private static <T> T bean(Class<T> type) {
    return Arc.container().instance(type).get();
  }

  /** Does all that is due, of every kind, as the loops would. */
  public static void runDue() {
    for (InstanceHandle<DueWork> kind : Arc.container().listAll(DueWork.class)) {
      kind.get().runDue(500);
    }
  }

  /** Does what is due of one kind, where what other tests left of all kinds would take long. */
  public static void runDue(String kind) {
    Arc.container().listAll(DueWork.class).stream()
        .map(InstanceHandle::get)
        .filter(work -> work.kind().equals(kind))
        .forEach(work -> work.runDue(500));
  }

  /** Works off what is due for applications alone. */
  public static int syncDue() {
    return bean(ApplicationSync.class).runDue(500);
  }

  public ValidatableResponse order(String merchant, String isvApplicationId) {
    return order(merchant, isvApplicationId, 10_000);
  }

  public ValidatableResponse order(String merchant, String isvApplicationId, long codeCount) {
    return order(merchant, Map.of("code_count", codeCount, "isv_application_id", isvApplicationId));
  }

  public ValidatableResponse order(String merchant, Map<String, ?> body) {
    return asProvider().body(body).post(applications(merchant)).then();
  }

  public ValidatableResponse application(String merchant, String isvApplicationId) {
    return get(application(merchant, isvApplicationId, ""));
  }

  public List<String> history(String merchant, String isvApplicationId) {
    return get(application(merchant, isvApplicationId, "/history"))
        .statusCode(200)
        .extract()
        .path("items.kind");
  }

  public ValidatableResponse post(String merchant, String isvApplicationId, String verb) {
    return asProvider().post(application(merchant, isvApplicationId, "/" + verb)).then();
  }

  public ValidatableResponse get(String path) {
    return asProvider().get(path).then();
  }

  public static String applications(String merchant) {
    return "/api/v1/authorizers/" + merchant + "/code-applications";
  }

  public static String application(String merchant, String isvApplicationId, String rest) {
    String encoded =
        URLEncoder.encode(isvApplicationId, StandardCharsets.UTF_8).replace("+", "%20");
    return applications(merchant) + "/" + encoded + rest;
  }

  public RequestSpecification asProvider() {
    return asOperator().header("Yima-Provider", app.appid());
  }

  public static RequestSpecification asOperator() {
    return given()
        .urlEncodingEnabled(false)
        .contentType(ContentType.JSON)
        .auth()
        .oauth2(YimaTestResource.OPERATOR_KEY);
  }

  /** The next calls of this provider that order go wrong in this way. */
  public void applyFails(Map<String, ?> how, int times) {
    fault(APPLY, how, times);
  }

  public void queryFails(Map<String, ?> how, int times) {
    fault(QUERY, how, times);
  }

  public void fault(String path, Map<String, ?> how, int times) {
    Map<String, Object> rule = new HashMap<>(how);
    rule.put("path", path);
    rule.put("times", times);
    // Providers of other tests may be at work too.
    rule.putIfAbsent("appid", app.appid());
    sandbox.fault(rule);
  }

  public static Map<String, Object> errcode(int errcode) {
    return Map.of("kind", "errcode", "errcode", errcode, "errmsg", "no rid: 6-abc-def");
  }
}
