package io.yima.packaged;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * Stands before the sandbox, remembers every secret that goes through, and on request answers
 * itself: with something that fails and quotes all that it was told.
 */
final class GossipingWeChat implements AutoCloseable {

  /** How it answers. */
  enum Mood {
    HONEST,
    TOKEN_REFUSED,
    BUSY,
    QUOTA,
    UNHEARD_OF,
    REQUEST_REFUSED,
    ADDRESS_REFUSED,
    HTML_502,
    HTML_404,
    REDIRECT,
    NO_JSON,
    WRONG_TYPES,
    TRUNCATED,
    HANG_UP,
    SILENT
  }

  /** Fields that hold secrets, and of what kind each is. */
  private static final Map<String, String> KINDS =
      Map.of(
          "component_access_token", "component_access_token",
          "component_appsecret", "component_appsecret",
          "component_secret", "component_appsecret",
          "component_verify_ticket", "component_verify_ticket",
          "pre_auth_code", "pre_auth_code",
          "authorization_code", "authorization_code",
          "authorizer_access_token", "authorizer_access_token",
          "authorizer_refresh_token", "authorizer_refresh_token",
          "refresh_token", "authorizer_refresh_token");

  private final HttpServer server;
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String sandbox;
  private final ObjectMapper json = new ObjectMapper();
  private final Map<String, String> heard = new ConcurrentHashMap<>();
  private final Set<Mood> shown = ConcurrentHashMap.newKeySet();
  private volatile Mood mood = Mood.HONEST;
  private volatile CountDownLatch silence = new CountDownLatch(1);

  GossipingWeChat(String sandbox) throws IOException {
    this.sandbox = sandbox;
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", this::answer);
    server.start();
  }

  String address() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  void mood(Mood next) {
    mood = next;
    silence.countDown();
    silence = new CountDownLatch(1);
  }

  /** Moods in which it was asked anything. */
  Set<Mood> shown() {
    return shown;
  }

  /** Every secret that went through, and of what kind it is. */
  Map<String, String> heard() {
    return heard;
  }

  /** One of this kind. */
  String heard(String kind) {
    return heard.entrySet().stream()
        .filter(entry -> entry.getValue().equals(kind))
        .map(Map.Entry::getKey)
        .findFirst()
        .orElseThrow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      URI uri = exchange.getRequestURI();
      listen(body);
      shown.add(mood);
      String gossip = uri + " " + uri.getQuery() + " " + new String(body, StandardCharsets.UTF_8);
      switch (mood) {
        case HONEST -> handOn(exchange, uri, body);
        case TOKEN_REFUSED -> refuse(exchange, 40001, gossip);
        case BUSY -> refuse(exchange, -1, gossip);
        case QUOTA -> refuse(exchange, 45009, gossip);
        case UNHEARD_OF -> refuse(exchange, 987654, gossip);
        case REQUEST_REFUSED -> refuse(exchange, 47001, gossip);
        case ADDRESS_REFUSED -> refuse(exchange, 61004, gossip);
        case HTML_502 -> send(exchange, 502, "text/html", "<html>" + gossip + "</html>");
        case HTML_404 -> send(exchange, 404, "text/html", "<html>" + gossip + "</html>");
        case REDIRECT -> {
          exchange.getResponseHeaders().add("Location", "http://localhost:1" + uri);
          send(exchange, 302, "text/html", gossip);
        }
        case NO_JSON -> send(exchange, 200, "text/plain", "Hello " + gossip);
        case WRONG_TYPES ->
            send(
                exchange,
                200,
                "text/plain",
                json.writeValueAsString(
                    Map.of(
                        "errcode",
                        gossip,
                        "application_id",
                        gossip,
                        "expires_in",
                        gossip,
                        "authorizer_appid",
                        gossip,
                        gossip,
                        1)));
        case TRUNCATED -> {
          exchange.sendResponseHeaders(200, gossip.length() + 100L);
          exchange.getResponseBody().write(gossip.getBytes(StandardCharsets.UTF_8));
        }
        case HANG_UP -> {}
        case SILENT -> silence.await(30, TimeUnit.SECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void handOn(HttpExchange exchange, URI uri, byte[] body)
      throws IOException, InterruptedException {
    HttpResponse<byte[]> answer =
        client.send(
            HttpRequest.newBuilder(URI.create(sandbox + uri))
                .header("Content-Type", "application/json")
                .method(exchange.getRequestMethod(), BodyPublishers.ofByteArray(body))
                .build(),
            BodyHandlers.ofByteArray());
    listen(answer.body());
    send(
        exchange,
        answer.statusCode(),
        "text/plain",
        new String(answer.body(), StandardCharsets.UTF_8));
  }

  private void refuse(HttpExchange exchange, int errcode, String gossip) throws IOException {
    Map<String, Object> refusal =
        Map.of("errcode", errcode, "errmsg", "bad: " + gossip + " rid: 6a6b-6c6d");
    send(exchange, 200, "text/plain", json.writeValueAsString(refusal));
  }

  private static void send(HttpExchange exchange, int status, String type, String text)
      throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().add("Content-Type", type);
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  private void listen(byte[] body) {
    try {
      listen(json.readTree(body));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void listen(JsonNode node) {
    KINDS.forEach(
        (field, kind) ->
            node.findValues(field).stream()
                .filter(value -> value.isTextual() && value.textValue().length() >= 16)
                .forEach(value -> heard.put(value.textValue(), kind)));
  }

  @Override
  public void close() {
    silence.countDown();
    server.stop(0);
    client.shutdownNow();
  }
}
