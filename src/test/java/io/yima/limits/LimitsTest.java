package io.yima.limits;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.yima.database.WorkerDatabase;
import io.yima.security.ApiKeySecret;
import io.yima.testsupport.Keys;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
@TestProfile(LimitsTest.Narrow.class)
class LimitsTest {

  private static final int PER_KEY = 8;
  private static final int OPEN = 3;
  private static final int FAILURES = 4;
  private static final int PAGES = 5;

  /** Limits that a test reaches. */
  public static class Narrow implements QuarkusTestProfile {

    @Override
    public Map<String, String> getConfigOverrides() {
      return Map.of(
          "yima.limits.requests-per-key", Integer.toString(PER_KEY),
          "yima.limits.open-requests", Integer.toString(OPEN),
          "yima.limits.failed-authentications", Integer.toString(FAILURES),
          "yima.limits.pages-per-address", Integer.toString(PAGES));
    }
  }

  @Inject Keys keys;
  @Inject WorkerDatabase database;
  @Inject HeldResource held;

  private int addresses;

  @Test
  void a_key_has_its_rate_and_what_is_beyond_is_not_stored() throws Exception {
    String provider = keys.newProvider();
    String key = keys.newKey(provider, "write");

    List<Response> answers =
        together(
            60,
            () ->
                given()
                    .auth()
                    .oauth2(key)
                    .contentType("application/json")
                    .body("{}")
                    .post("/api/v1/authorization-links"));

    List<Response> refused = answers.stream().filter(a -> a.statusCode() == 429).toList();
    List<Response> taken = answers.stream().filter(a -> a.statusCode() == 201).toList();
    assertThat(refused.size() + taken.size()).isEqualTo(answers.size());
    assertThat(refused).extracting(a -> a.path("code")).contains("rate_limited");
    assertThat(refused)
        .allSatisfy(
            answer -> {
              assertThat(answer.contentType()).startsWith("application/problem+json");
              assertThat(answer.<String>path("request_id"))
                  .isNotNull()
                  .isEqualTo(answer.header("X-Request-Id"));
              assertThat(Integer.parseInt(answer.header("Retry-After"))).isPositive();
            });
    assertThat(answers)
        .allSatisfy(
            answer -> {
              assertThat(answer.header("RateLimit-Limit")).isEqualTo("" + PER_KEY);
              assertThat(answer.header("RateLimit-Remaining")).matches("\\d+");
              assertThat(answer.header("RateLimit-Reset")).matches("\\d+");
            });
    assertThat(linksOf(provider)).as("rows").isEqualTo(taken.size());
    Robustness.row(
        "Limits",
        "60 requests for a link at once, with a rate of 8",
        answers.size(),
        "201 and a row, or 429 with Retry-After, RateLimit-* and no row");
  }

  @Test
  void an_operators_key_has_no_rate_of_its_own() throws Exception {
    String provider = keys.newProvider();
    Callable<Response> request =
        () ->
            given()
                .auth()
                .oauth2(YimaTestResource.OPERATOR_KEY)
                .header("Yima-Provider", provider)
                .get("/api/v1/probe");
    request.call();

    List<Response> answers = together(60, request);

    assertThat(answers)
        .filteredOn(answer -> answer.statusCode() != 200)
        .allSatisfy(
            answer -> assertThat(answer.<String>path("code")).isEqualTo("too_many_open_requests"));
  }

  @Test
  void an_address_that_guesses_is_refused_and_its_neighbour_with_a_good_key_is_not() {
    String known = keys.newKey(keys.newProvider(), "read");
    String unknown = keys.newKey(keys.newProvider(), "read");
    String guesser = newAddress();
    assertThat(from(newAddress(), known).statusCode()).isEqualTo(200);

    for (int i = 0; i < FAILURES; i++) {
      assertThat(from(guesser, newKey()).statusCode()).isEqualTo(401);
    }
    Response refused = from(guesser, newKey());

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.<String>path("code")).isEqualTo("too_many_failed_authentications");
    assertThat(refused.header("Retry-After")).isNotNull();
    assertThat(from(guesser, "nonsense").statusCode()).isEqualTo(429);
    assertThat(from(guesser, unknown).statusCode()).as("nobody looks").isEqualTo(429);
    assertThat(from(guesser, known).statusCode()).as("found valid before").isEqualTo(200);
    assertThat(from(newAddress(), newKey()).statusCode()).as("elsewhere").isEqualTo(401);
    Robustness.row(
        "Limits",
        "guessing keys from one address, four a minute allowed",
        FAILURES + 2,
        "401 four times, then 429 without a look-up; a neighbour's good key goes on working");
  }

  @Test
  void a_revoked_key_is_known_no_longer() {
    String provider = keys.newProvider();
    String key = keys.newKey(provider, "read");
    String address = newAddress();
    assertThat(from(address, key).statusCode()).isEqualTo(200);
    database.transaction(
        connection -> {
          try (PreparedStatement revoke =
              connection.prepareStatement(
                  """
                  update api_key set revoked_at = now() where provider_id =
                    (select id from provider where component_appid = ?)
                  """)) {
            revoke.setString(1, provider);
            return revoke.executeUpdate();
          }
        });

    for (int i = 0; i < FAILURES; i++) {
      assertThat(from(address, key).statusCode()).isEqualTo(401);
    }

    assertThat(from(address, key).statusCode()).isEqualTo(429);
  }

  @Test
  void browsers_have_a_rate_and_pushes_from_the_same_address_do_not_starve_of_it() {
    String address = newAddress();
    String page = "/wechat/wx0nobody/authorized?auth_code=x";

    for (int i = 0; i < PAGES; i++) {
      assertThat(unsigned(address).get(page).statusCode()).isEqualTo(403);
    }
    Response refused = unsigned(address).get(page);

    assertThat(refused.statusCode()).isEqualTo(429);
    assertThat(refused.contentType()).startsWith("text/plain");
    assertThat(refused.asString()).contains("请求过于频繁", "Too many requests");
    assertThat(refused.header("Retry-After")).isNotNull();
    assertThat(unsigned(address).post("/wechat/wx0nobody/events").statusCode()).isEqualTo(404);
    Robustness.row(
        "Limits",
        "the redirect with a made-up code from one address, five a minute allowed",
        PAGES + 1,
        "403 five times, then 429; a push from there is answered as ever");
  }

  @Test
  void one_providers_requests_under_way_are_bounded_whichever_of_its_keys_they_use()
      throws Exception {
    String provider = keys.newProvider();
    String first = keys.newKey(provider, "read");
    String second = keys.newKey(provider, "read");
    String other = keys.newKey(keys.newProvider(), "read");
    assertThat(List.of(status(first), status(second), status(other))).containsOnly(200);

    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Integer>> under = new ArrayList<>();
      for (int i = 0; i < OPEN; i++) {
        String key = i == 0 ? second : first;
        under.add(clients.submit(() -> get("/api/v1/held", key).statusCode()));
      }
      held.awaitArrived(OPEN);

      Response refused = get("/api/v1/held", second);

      assertThat(refused.statusCode()).isEqualTo(429);
      assertThat(refused.<String>path("code")).isEqualTo("too_many_open_requests");
      assertThat(refused.header("Retry-After")).isEqualTo("1");
      assertThat(status(other)).isEqualTo(200);
      held.letGo(OPEN);
      for (Future<Integer> answer : under) {
        assertThat(answer.get()).isEqualTo(200);
      }
    }
    await().until(() -> status(first) == 200);
    Robustness.row(
        "Limits",
        "a fourth request at once of a provider that may have three, over two keys",
        1,
        "429 too_many_open_requests; another provider is served");
  }

  @Test
  void a_client_that_goes_away_leaves_its_place_to_others() throws Exception {
    String provider = keys.newProvider();
    String key = keys.newKey(provider, "read");
    assertThat(status(key)).isEqualTo(200);
    for (int i = 0; i < OPEN; i++) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
        String request =
            "GET /api/v1/held HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer " + key + "\r\n\r\n";
        socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        held.awaitArrived(1);
      }
    }

    await().until(() -> status(key) == 200);
    held.letGo(OPEN);
  }

  private static int status(String key) {
    return get("/api/v1/probe", key).statusCode();
  }

  private static Response get(String path, String key) {
    return given().auth().oauth2(key).get(path);
  }

  @Test
  void the_gateway_tells_limits_in_wechats_words() throws Exception {
    String guesser = newAddress();
    String token = "/gateway/wx1/cgi-bin/token?grant_type=client_credential&appid=wx1&secret=";
    List<Integer> guesses = new ArrayList<>();
    for (int i = 0; i <= FAILURES; i++) {
      guesses.add(unsigned(guesser).get(token + newKey()).path("errcode"));
    }
    String key = keys.newKey(keys.newProvider(), "gateway");
    List<Response> answers =
        together(
            60, () -> given().auth().oauth2(key).body("{}").post("/gateway/wx1/intp/marketcode/x"));

    assertThat(guesses).endsWith(40001, 45011).startsWith(40001);
    assertThat(answers).extracting(Response::statusCode).containsOnly(200);
    assertThat(answers).extracting(answer -> answer.<Integer>path("errcode")).contains(45011);
    assertThat(answers)
        .filteredOn(answer -> answer.<Integer>path("errcode") == 45011)
        .allSatisfy(answer -> assertThat(answer.header("Retry-After")).isNotNull());
  }

  private static Response from(String address, String key) {
    return given().auth().oauth2(key).header("X-Forwarded-For", address).get("/api/v1/probe");
  }

  private static RequestSpecification unsigned(String address) {
    return given().header("X-Forwarded-For", address);
  }

  private static String newKey() {
    return ApiKeySecret.generateProviderKey().reveal();
  }

  /** As a proxy of ours would say it; the tests' own address is a trusted one. */
  private String newAddress() {
    return "2001:db8:"
        + Integer.toHexString(System.identityHashCode(this) & 0xffff)
        + ":"
        + ++addresses
        + "::1";
  }

  private static List<Response> together(int times, Callable<Response> call) throws Exception {
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Response>> calls = Collections.nCopies(times, call);
      List<Response> answers = new ArrayList<>();
      for (Future<Response> answer : clients.invokeAll(calls)) {
        answers.add(answer.get());
      }
      return answers;
    }
  }

  private long linksOf(String componentAppid) {
    return database.transaction(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  """
                  select count(*) from authorization_link l join provider p on p.id = l.provider_id
                  where p.component_appid = ?
                  """)) {
            select.setString(1, componentAppid);
            try (ResultSet row = select.executeQuery()) {
              row.next();
              return row.getLong(1);
            }
          }
        });
  }
}
