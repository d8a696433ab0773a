package io.yima.sandbox;

import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A sandbox, a platform that listens for its events, and short words for what tests do. */
final class SandboxScene implements AutoCloseable {

  static final String COMPONENT = "wxcomponent0000001";
  static final String SECRET = "0123456789abcdef0123456789abcdef";
  static final String MESSAGE_TOKEN = "pamtest";
  static final String AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
  static final String MERCHANT = "wxmerchant00000001";
  static final String API = "/cgi-bin/component/";

  private static final ObjectMapper MAPPER = new ObjectMapper();

  final SettableClock clock = new SettableClock();
  final EventReceiver receiver = new EventReceiver();
  final HttpClient client =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();
  private final @Nullable Path stateFile;
  SandboxServer server;

  record Tokens(String accessToken, String refreshToken) {}

  SandboxScene(@Nullable Path stateFile) throws IOException {
    this.stateFile = stateFile;
    this.server = SandboxServer.start(new SandboxOptions(0, stateFile, clock));
  }

  /** A platform whose ticket has arrived, and a service account that has not authorized it. */
  static SandboxScene withPlatform() throws Exception {
    return withPlatform(null);
  }

  static SandboxScene withPlatform(@Nullable Path stateFile) throws Exception {
    SandboxScene scene = new SandboxScene(stateFile);
    scene.register(COMPONENT);
    scene.control("POST", "accounts", "{'appid':'%s','nick_name':'茶叶 <店>'}".formatted(MERCHANT));
    scene.ticket();
    return scene;
  }

  void register(String component) throws Exception {
    control(
        "POST",
        "platforms",
        "{'component_appid':'%s','component_appsecret':'%s','message_token':'%s','encoding_aes_key':'%s','callback_base':'%s'}"
            .formatted(component, SECRET, MESSAGE_TOKEN, AES_KEY, receiver.baseUrl()));
  }

  void restart() {
    server.close();
    server = SandboxServer.start(new SandboxOptions(0, stateFile, clock));
  }

  /** The newest ticket that was pushed. */
  String ticket() {
    await()
        .atMost(Duration.ofMinutes(1))
        .until(() -> !receiver.of("component_verify_ticket").isEmpty());
    return receiver.of("component_verify_ticket").getLast().field("ComponentVerifyTicket");
  }

  String componentToken() throws Exception {
    return api("api_component_token", null, componentTokenBody(SECRET, ticket()))
        .path("component_access_token")
        .asText();
  }

  static String componentTokenBody(String secret, String ticket) {
    return "{'component_appid':'%s','component_appsecret':'%s','component_verify_ticket':'%s'}"
        .formatted(COMPONENT, secret, ticket);
  }

  /** Authorizes without a browser and exchanges the code. */
  Tokens authorized(String token, String merchant, String sets) throws Exception {
    String code =
        control(
                "POST",
                "accounts/" + merchant + "/authorize",
                "{'component_appid':'%s','permission_sets':%s,'push':false}"
                    .formatted(COMPONENT, sets))
            .path("auth_code")
            .asText();
    return tokens(queryAuth(token, code).path("authorization_info"));
  }

  Tokens authorized(String token) throws Exception {
    return authorized(token, MERCHANT, "[1,46]");
  }

  static Tokens tokens(JsonNode node) {
    return new Tokens(
        node.path("authorizer_access_token").asText(),
        node.path("authorizer_refresh_token").asText());
  }

  JsonNode queryAuth(String token, String code) throws Exception {
    return api(
        "api_query_auth",
        token,
        "{'component_appid':'%s','authorization_code':'%s'}".formatted(COMPONENT, code));
  }

  JsonNode refresh(String token, String refreshToken) throws Exception {
    return api("api_authorizer_token", token, refreshBody(refreshToken));
  }

  static String refreshBody(String refreshToken) {
    return "{'component_appid':'%s','authorizer_appid':'%s','authorizer_refresh_token':'%s'}"
        .formatted(COMPONENT, MERCHANT, refreshToken);
  }

  JsonNode api(String call, @Nullable String token, String body) throws Exception {
    return json(post(API + call + (token == null ? "" : "?component_access_token=" + token), body));
  }

  JsonNode marketcode(String call, String token, String body) throws Exception {
    return json(post("/intp/marketcode/" + call + "?access_token=" + token, body));
  }

  JsonNode apply(String token, String isvId, long count) throws Exception {
    return marketcode(
        "applycode", token, "{'code_count':%d,'isv_application_id':'%s'}".formatted(count, isvId));
  }

  HttpResponse<String> post(String path, String body) throws Exception {
    return client.send(request(path, body).build(), BodyHandlers.ofString());
  }

  HttpRequest.Builder request(String path, String body) {
    return HttpRequest.newBuilder(URI.create(server.baseUrl() + path))
        .timeout(Duration.ofSeconds(10))
        .header("Content-Type", "application/json")
        .POST(BodyPublishers.ofString(body.replace('\'', '"')));
  }

  HttpResponse<String> get(String path, String... headers) throws Exception {
    var request = HttpRequest.newBuilder(URI.create(server.baseUrl() + path)).GET();
    if (headers.length > 0) {
      request.headers(headers);
    }
    return client.send(request.build(), BodyHandlers.ofString());
  }

  HttpResponse<String> controlResponse(String method, String path, String body) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(server.baseUrl() + "/sandbox/" + path))
            .method(method, BodyPublishers.ofString(body.replace('\'', '"')))
            .build(),
        BodyHandlers.ofString());
  }

  JsonNode control(String method, String path, String body) throws Exception {
    HttpResponse<String> response = controlResponse(method, path, body);
    if (response.statusCode() != 200) {
      throw new AssertionError(response.statusCode() + " " + response.body());
    }
    return json(response);
  }

  JsonNode counters() throws Exception {
    return control("GET", "counters", "");
  }

  static JsonNode json(HttpResponse<String> response) throws IOException {
    return MAPPER.readTree(response.body());
  }

  static int errcode(JsonNode answer) {
    return answer.path("errcode").asInt(0);
  }

  @Override
  public void close() {
    server.close();
    receiver.close();
    client.close();
  }
}
