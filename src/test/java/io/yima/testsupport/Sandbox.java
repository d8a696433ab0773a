package io.yima.testsupport;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.restassured.path.json.JsonPath;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.eclipse.microprofile.config.ConfigProvider;

/** Steers the pretend WeChat over HTTP, as a person with curl would. */
public final class Sandbox {

  /** Longer than a push of its own may take, which is answered before the call is. */
  private static final Duration PATIENCE = Duration.ofMinutes(1);

  private static final JsonMapper JSON = new JsonMapper();
  private static final HttpClient CLIENT =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

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
    return tree(
            "POST",
            "accounts/" + authorizerAppid + "/authorize",
            Map.of("component_appid", componentAppid, "permission_sets", sets, "push", push))
        .path("auth_code")
        .textValue();
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

  /** Pushes this app's ticket no more, however much time passes for other tests. */
  public void stopTickets(String componentAppid) {
    control("POST", "tickets/" + componentAppid, Map.of("pushing", false));
  }

  public void settings(Map<String, ?> settings) {
    control("PUT", "settings", settings);
  }

  public void advance(Duration step) {
    control("POST", "clock", Map.of("advance", step.toString()));
  }

  Duration aheadOfThisMachine() {
    return Duration.parse(tree("GET", "clock", Map.of()).path("offset").textValue());
  }

  public JsonPath counters() {
    return control("GET", "counters", Map.of());
  }

  public JsonPath account(String appid) {
    return control("GET", "accounts/" + appid, Map.of());
  }

  /** What WeChat has of one merchant's applications. */
  public List<Map<String, Object>> applications(String authorizerAppid) {
    return JSON.convertValue(
        tree("GET", "applications?authorizer_appid=" + authorizerAppid, Map.of()),
        new TypeReference<List<Map<String, Object>>>() {});
  }

  /** Any call under /sandbox/. */
  public JsonPath control(String method, String path, Map<String, ?> body) {
    return JsonPath.from(answer(method, path, body));
  }

  /** The same for what is called often: a JsonPath compiles each question that it is asked. */
  private JsonNode tree(String method, String path, Map<String, ?> body) {
    try {
      return JSON.readTree(answer(method, path, body));
    } catch (JsonProcessingException e) {
      throw new AssertionError(e);
    }
  }

  private String answer(String method, String path, Map<String, ?> body) {
    String json = method.equals("GET") ? "" : JSON.valueToTree(body).toString();
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(address + "/sandbox/" + path))
            .timeout(PATIENCE)
            .header("Content-Type", "application/json")
            .method(method, BodyPublishers.ofString(json))
            .build();
    try {
      HttpResponse<String> response = CLIENT.send(request, BodyHandlers.ofString());
      assertThat(response.statusCode())
          .as("%s %s: %s", method, path, response.body())
          .isEqualTo(200);
      return response.body();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}
