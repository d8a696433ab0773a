package io.yima.testsupport;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.eclipse.microprofile.config.ConfigProvider;

/** Steers the pretend WeChat over HTTP, as a person with curl would. */
public final class Sandbox {

  private final String address;

  public Sandbox(String address) {
    this.address = address;
  }

  /** The sandbox that the running application test speaks with. */
  public static Sandbox ofThisTest() {
    return new Sandbox(ConfigProvider.getConfig().getValue("yima.wechat.base-url", String.class));
  }

  public String address() {
    return address;
  }

  /** An appid nobody has yet. */
  public static String newAppid() {
    byte[] random = new byte[8];
    RandomGenerator.getDefault().nextBytes(random);
    return "wx" + HexFormat.of().formatHex(random);
  }

  /** A component app whose events go to the application at this address; its ticket is pushed. */
  public void platform(ComponentApp app, String callbackBase) {
    control(
        "POST",
        "platforms",
        Map.of(
            "component_appid", app.appid(),
            "component_appsecret", app.appsecret(),
            "message_token", app.messageToken(),
            "encoding_aes_key", app.encodingAesKey(),
            "callback_base", callbackBase));
  }

  /** A verified service account with the marketing-code feature; returns its new appid. */
  public String serviceAccount(String nickName) {
    String appid = newAppid();
    account(Map.of("appid", appid, "nick_name", nickName, "principal_name", nickName + "有限公司"));
    return appid;
  }

  public void account(Map<String, ?> fields) {
    control("POST", "accounts", fields);
  }

  /** Authorizes without a browser; the event is pushed. Returns the authorization code. */
  public String authorize(String componentAppid, String authorizerAppid, List<Integer> sets) {
    return authorize(componentAppid, authorizerAppid, sets, true);
  }

  public String authorize(
      String componentAppid, String authorizerAppid, List<Integer> sets, boolean push) {
    return control(
            "POST",
            "accounts/" + authorizerAppid + "/authorize",
            Map.of("component_appid", componentAppid, "permission_sets", sets, "push", push))
        .getString("auth_code");
  }

  public void unauthorize(String componentAppid, String authorizerAppid, boolean push) {
    control(
        "POST",
        "accounts/" + authorizerAppid + "/unauthorize",
        Map.of("component_appid", componentAppid, "push", push));
  }

  /** Arms a fault; see the sandbox's FaultRule for the fields. */
  public void fault(Map<String, ?> rule) {
    control("POST", "faults", rule);
  }

  public void clearFaults() {
    control("DELETE", "faults", Map.of());
  }

  /** Pushes a fresh ticket and returns when it was answered. */
  public void pushTicket(String componentAppid) {
    control("POST", "tickets/" + componentAppid, Map.of());
  }

  public void settings(Map<String, ?> settings) {
    control("PUT", "settings", settings);
  }

  public void advance(Duration step) {
    control("POST", "clock", Map.of("advance", step.toString()));
  }

  Duration aheadOfThisMachine() {
    return Duration.parse(control("GET", "clock", Map.of()).getString("offset"));
  }

  public JsonPath counters() {
    return control("GET", "counters", Map.of());
  }

  public JsonPath account(String appid) {
    return control("GET", "accounts/" + appid, Map.of());
  }

  /** What WeChat has of one merchant's applications. */
  public List<Map<String, Object>> applications(String authorizerAppid) {
    List<Map<String, Object>> all = control("GET", "applications", Map.of()).getList("$");
    return all.stream()
        .filter(application -> authorizerAppid.equals(application.get("authorizer_appid")))
        .collect(Collectors.toList());
  }

  /** Any call under /sandbox/. */
  public JsonPath control(String method, String path, Map<String, ?> body) {
    var request = given().baseUri(address).port(port()).contentType(ContentType.JSON);
    Response response =
        (method.equals("GET") ? request : request.body(body)).request(method, "/sandbox/" + path);
    assertThat(response.statusCode())
        .as("%s %s: %s", method, path, response.asString())
        .isEqualTo(200);
    return response.jsonPath();
  }

  private int port() {
    int colon = address.lastIndexOf(':');
    return colon > 5 ? Integer.parseInt(address.substring(colon + 1)) : RestAssured.port;
  }
}
