package io.yima.security;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Keys;
import io.yima.testsupport.RawHttp;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class IdempotencyTest {

  private static final String ONCE = "/api/v1/probe/once";
  private static final String CREATED = "{\"status\":201}";

  @Inject Keys keys;
  @Inject SettableClock clock;

  @Inject
  @DataSource("worker")
  AgroalDataSource worker;

  private String provider;
  private String apiKey;
  private final String key = UUID.randomUUID().toString();

  @BeforeEach
  void make_a_caller() {
    provider = keys.newProvider();
    apiKey = keys.newKey(provider, Scope.WRITE);
  }

  @AfterEach
  void return_to_today() {
    clock.reset();
    ProbeResource.GATES.clear();
  }

  @Test
  void a_repetition_gets_the_first_answer_and_does_nothing() {
    Response first = once(key, CREATED);
    Response second = once(key, CREATED);

    assertThat(first.statusCode()).isEqualTo(201);
    assertThat(first.header("Idempotency-Replayed")).isNull();
    assertThat(second.statusCode()).isEqualTo(201);
    assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(second.header("Location")).isEqualTo(first.header("Location"));
    assertThat(second.contentType()).isEqualTo(first.contentType());
    assertThat(second.asString()).isEqualTo(first.asString());
    assertThat(second.header("X-Request-Id")).isNotEqualTo(first.header("X-Request-Id"));
  }

  @Test
  void without_a_key_every_request_runs() {
    int run = once(CREATED).path("run");

    assertThat(once(CREATED).<Integer>path("run")).isEqualTo(run + 1);
  }

  @Test
  void a_new_api_key_is_shown_again_to_the_same_request_alone_and_lies_sealed() throws Exception {
    String path = "/api/v1/providers/" + provider + "/keys";
    String body = "{\"name\":\"erp\",\"scopes\":[\"read\"]}";

    String shown = operator(key).body(body).post(path).then().statusCode(201).extract().path("key");
    operator(key).body(body).post(path).then().statusCode(201).body("key", equalTo(shown));
    operator().get(path).then().body("items.findAll { it.name == 'erp' }", hasSize(1));

    List<String> rows = rows();
    assertThat(rows).isNotEmpty();
    assertThat(rows).noneMatch(row -> row.contains(shown) || row.contains("erp"));
    String hex = hex(shown);
    assertThat(rows).noneMatch(row -> row.contains(hex));
  }

  @Test
  void a_provider_is_registered_once_and_a_merchant_invited_once() {
    ComponentApp app = ComponentApp.unheardOf();
    Map<String, String> registration =
        Map.of(
            "component_appid", app.appid(),
            "name", "Once",
            "component_appsecret", app.appsecret(),
            "message_token", app.messageToken(),
            "encoding_aes_key", app.encodingAesKey());
    for (String replayed : new String[] {null, "true"}) {
      operator(key)
          .body(registration)
          .post("/api/v1/providers")
          .then()
          .statusCode(201)
          .header("Idempotency-Replayed", equalTo(replayed))
          .header("Location", notNullValue())
          .body("component_appid", equalTo(app.appid()));
    }

    String url = invite(key, apiKey).statusCode(201).extract().path("url");
    invite(key, apiKey).statusCode(201).body("url", equalTo(url));
  }

  @Test
  void the_same_key_for_another_request_is_refused() {
    once(key, CREATED);

    for (String body : List.of("{\"status\":200}", "{\"status\": 201}", "not json", "")) {
      Response refused = once(key, body);
      assertThat(refused.statusCode()).as(body).isEqualTo(422);
      assertThat(refused.<String>path("code")).isEqualTo("idempotency_key_reused");
    }
    caller(apiKey)
        .header("Idempotency-Key", key)
        .body(CREATED)
        .post(ONCE + "?x=y")
        .then()
        .statusCode(422)
        .body("code", equalTo("idempotency_key_reused"));
  }

  @Test
  void a_key_belongs_to_its_api_key_its_tenant_and_its_path() {
    int run = once(key, CREATED).path("run");
    String sameTenant = keys.newKey(provider, Scope.WRITE);

    assertThat(caller(sameTenant, key).body(CREATED).post(ONCE).<Integer>path("run"))
        .isEqualTo(run + 1);
    for (String tenant : List.of(provider, keys.newProvider())) {
      operator(key)
          .header("Yima-Provider", tenant)
          .body(CREATED)
          .post(ONCE)
          .then()
          .statusCode(201)
          .header("Idempotency-Replayed", nullValue());
    }
    invite(key, apiKey).statusCode(201).header("Idempotency-Replayed", nullValue());
    operator(key).body(CREATED).post(ONCE).then().body("code", equalTo("provider_required"));
  }

  @ParameterizedTest
  @ValueSource(ints = {202, 403, 404, 429, 500, 503})
  void what_another_time_would_answer_differently_runs_again(int status) {
    int before = ProbeResource.RUNS.get();

    for (int i = 0; i < 3; i++) {
      Response answer = once(key, "{\"status\":" + status + "}");
      assertThat(answer.statusCode()).isEqualTo(status);
      assertThat(answer.header("Idempotency-Replayed")).isNull();
    }

    assertThat(ProbeResource.RUNS.get()).isEqualTo(before + 3);
    assertThat(once(key, CREATED).statusCode()).isEqualTo(422);
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 201, 400, 409, 422})
  void what_the_request_alone_decides_is_final(int status) {
    int before = ProbeResource.RUNS.get();

    String first = once(key, "{\"status\":" + status + "}").asString();
    Response second = once(key, "{\"status\":" + status + "}");

    assertThat(second.statusCode()).isEqualTo(status);
    assertThat(second.asString()).isEqualTo(first);
    assertThat(second.header("Idempotency-Replayed")).isEqualTo("true");
    assertThat(ProbeResource.RUNS.get()).isEqualTo(before + 1);
  }

  @Test
  void a_body_that_is_refused_is_refused_again() {
    for (int i = 0; i < 2; i++) {
      assertThat(once(key, "{\"status\":1.5}").<String>path("errors[0].field")).isEqualTo("status");
    }
    assertThat(once(key, "{\"status\":1.5}").header("Idempotency-Replayed")).isEqualTo("true");
  }

  @Test
  void while_the_first_still_runs_the_second_is_asked_to_wait() throws Exception {
    CountDownLatch gate = gate("slow");
    String body = "{\"status\":201,\"gate\":\"slow\"}";
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Response> first = executor.submit(() -> once(key, body));
      ProbeResource.WAITING.acquire();

      Response second = once(key, body);
      Response other = once(key, CREATED);
      gate.countDown();

      assertThat(second.statusCode()).isEqualTo(409);
      assertThat(second.<String>path("code")).isEqualTo("idempotency_key_in_use");
      assertThat(second.header("Retry-After")).isNotNull();
      assertThat(other.statusCode()).isEqualTo(422);
      assertThat(first.get().statusCode()).isEqualTo(201);
      assertThat(once(key, body).asString()).isEqualTo(first.get().asString());
    }
  }

  @Test
  void when_its_node_died_the_next_request_runs_and_a_late_answer_changes_nothing()
      throws Exception {
    CountDownLatch gate = gate("dying");
    String body = "{\"status\":201,\"gate\":\"dying\"}";
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Response> first = executor.submit(() -> once(key, body));
      ProbeResource.WAITING.acquire();
      execute("update idempotency_key set running_until = now() where running_until is not null");
      ProbeResource.GATES.clear();

      Response second = once(key, body);
      gate.countDown();

      assertThat(second.statusCode()).isEqualTo(201);
      assertThat(second.header("Idempotency-Replayed")).isNull();
      assertThat(first.get().asString()).isNotEqualTo(second.asString());
      assertThat(once(key, body).asString()).isEqualTo(second.asString());
    }
  }

  @Test
  void twenty_at_once_are_one() throws Exception {
    int rounds = 20;
    for (int round = 0; round < rounds; round++) {
      String roundKey = key + round;
      int before = ProbeResource.RUNS.get();
      List<Response> answers = new ArrayList<>();
      try (ExecutorService executor = Executors.newFixedThreadPool(20)) {
        Callable<Response> order = () -> once(roundKey, CREATED);
        executor.invokeAll(Stream.generate(() -> order).limit(20).toList()).stream()
            .map(Future::resultNow)
            .forEach(answers::add);
      }

      assertThat(ProbeResource.RUNS.get()).isEqualTo(before + 1);
      assertThat(answers).allMatch(answer -> Set.of(201, 409).contains(answer.statusCode()));
      assertThat(answers)
          .filteredOn(answer -> answer.statusCode() == 201)
          .extracting(Response::asString)
          .containsOnly("{\"run\":" + (before + 1) + "}");
    }
    Robustness.row(
        "Dialect",
        "20 requests at once with one Idempotency-Key",
        rounds,
        "1 ran; the others got its answer, or 409 while it ran");
  }

  @Test
  void after_a_day_the_key_is_new() {
    String first = once(key, CREATED).asString();
    clock.advance(Duration.ofHours(24).minusMinutes(1));
    assertThat(once(key, CREATED).asString()).isEqualTo(first);

    clock.advance(Duration.ofMinutes(2));
    Response anew = once(key, "{\"status\":200}");
    assertThat(anew.statusCode()).isEqualTo(200);
    assertThat(anew.header("Idempotency-Replayed")).isNull();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "é", "\u0001", "\u007f"})
  void what_is_no_key_is_refused(String bad) {
    RawHttp.Answer answer =
        RawHttp.as(apiKey)
            .with("Idempotency-Key: " + bad)
            .send("POST", ONCE, CREATED.getBytes(StandardCharsets.UTF_8));

    // A control character in a header is none of HTTP's, and refused before anything of ours.
    if (answer.header("Content-Type").isPresent()) {
      assertThat(answer.problem()).isEqualTo("idempotency_key_invalid");
    }
    assertThat(answer.status()).isEqualTo(400);
  }

  @Test
  void two_keys_or_a_long_one_are_refused() {
    byte[] body = CREATED.getBytes(StandardCharsets.UTF_8);

    assertThat(
            RawHttp.as(apiKey)
                .with("Idempotency-Key: a")
                .with("Idempotency-Key: a")
                .send("POST", ONCE, body)
                .problem())
        .isEqualTo("idempotency_key_invalid");
    assertThat(once("x".repeat(256), CREATED).statusCode()).isEqualTo(400);
    assertThat(once(key + "x".repeat(255 - key.length()), CREATED).statusCode()).isEqualTo(201);
  }

  @Test
  void a_body_that_is_too_large_is_refused_before_it_is_read_whole() {
    byte[] body = new byte[1_200_000];

    RawHttp.Answer answer =
        RawHttp.as(apiKey).with("Idempotency-Key: " + key).sendChunked("POST", ONCE, body);

    assertThat(answer.status()).isEqualTo(413);
    assertThat(answer.problem()).isEqualTo("body_too_large");
    assertThat(once(key, CREATED).statusCode()).isEqualTo(201);
  }

  private static CountDownLatch gate(String name) {
    ProbeResource.WAITING.drainPermits();
    CountDownLatch gate = new CountDownLatch(1);
    ProbeResource.GATES.put(name, gate);
    return gate;
  }

  private ValidatableResponse invite(String idempotencyKey, String as) {
    return caller(as, idempotencyKey).body("{}").post("/api/v1/authorization-links").then();
  }

  private Response once(String body) {
    return caller(apiKey).body(body).post(ONCE);
  }

  private Response once(String idempotencyKey, String body) {
    return caller(apiKey, idempotencyKey).body(body).post(ONCE);
  }

  private static RequestSpecification operator() {
    return caller(YimaTestResource.OPERATOR_KEY);
  }

  private static RequestSpecification operator(String idempotencyKey) {
    return caller(YimaTestResource.OPERATOR_KEY, idempotencyKey);
  }

  private static RequestSpecification caller(String as) {
    return given().contentType("application/json").auth().oauth2(as);
  }

  private static RequestSpecification caller(String as, String idempotencyKey) {
    return caller(as).header("Idempotency-Key", idempotencyKey);
  }

  private List<String> rows() throws SQLException {
    try (Connection connection = worker.getConnection();
        Statement select = connection.createStatement();
        ResultSet row = select.executeQuery("select k::text from idempotency_key k")) {
      List<String> rows = new ArrayList<>();
      while (row.next()) {
        rows.add(row.getString(1));
      }
      return rows;
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection connection = worker.getConnection();
        Statement statement = connection.createStatement()) {
      statement.executeUpdate(sql);
    }
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(text.getBytes(StandardCharsets.UTF_8));
  }
}
