package io.yima.security;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import io.yima.testsupport.Keys;
import io.yima.testsupport.RawHttp;
import io.yima.testsupport.RawHttp.Answer;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class AuthenticationTest {

  private static final String PROBE = "/api/v1/probe";

  @Inject Keys keys;

  @ParameterizedTest
  @ValueSource(strings = {PROBE, "/api/v1/nothing", "/api/nothing", PROBE + "/"})
  void nothing_under_api_answers_without_a_key(String path) {
    given()
        .get(path)
        .then()
        .statusCode(401)
        .contentType("application/problem+json")
        .header("WWW-Authenticate", "Bearer")
        .header("X-Request-Id", not(equalTo(null)))
        .body("code", equalTo("api_key_missing"))
        .body("status", equalTo(401))
        .body("title", equalTo("Unauthorized"))
        .body("type", equalTo("about:blank"));
  }

  @Test
  void mistyped_and_unknown_keys_are_refused_alike() {
    given()
        .auth()
        .oauth2("yima_pk_nonsense")
        .get(PROBE)
        .then()
        .statusCode(401)
        .contentType("application/problem+json")
        .header("WWW-Authenticate", "Bearer")
        .body("code", equalTo("api_key_invalid"));
    given()
        .auth()
        .oauth2(ApiKeySecret.generateProviderKey().reveal())
        .get(PROBE + "/nowhere")
        .then()
        .statusCode(401)
        .body("code", equalTo("api_key_invalid"));
  }

  @Test
  void a_bearer_token_of_somebody_else_does_not_close_the_open_paths() {
    given().auth().oauth2("somebody-else").get("/q/health/live").then().statusCode(200);
  }

  @Test
  void a_provider_key_acts_for_its_provider_only() {
    String own = keys.newProvider();
    String key = keys.newKey(own, Scope.READ);

    with(key).get(PROBE).then().statusCode(200).body("provider", equalTo(own));
    with(key).header("Yima-Provider", own).get(PROBE).then().statusCode(200);
    with(key)
        .header("Yima-Provider", keys.newProvider())
        .get(PROBE)
        .then()
        .statusCode(403)
        .body("code", equalTo("operator_only"));
  }

  @Test
  void an_operator_names_the_provider() {
    String provider = keys.newProvider();

    operator()
        .header("Yima-Provider", provider)
        .header("Yima-Actor", "Li Lei")
        .header("X-Request-Id", "my-own.id_1")
        .get(PROBE)
        .then()
        .statusCode(200)
        .header("X-Request-Id", "my-own.id_1")
        .body("provider", equalTo(provider))
        .body("actor", equalTo("Li Lei"))
        .body("requested_by", startsWith("bootstrap (yima_op_"))
        .body("logged", equalTo("my-own.id_1 " + provider));
    operator().get(PROBE).then().statusCode(400).body("code", equalTo("provider_required"));
    operator()
        .header("Yima-Provider", Keys.newAppid())
        .get(PROBE)
        .then()
        .statusCode(404)
        .body("code", equalTo("provider_not_found"));
  }

  @Test
  void a_key_that_is_sent_as_request_id_is_not_taken_for_one() {
    String key = keys.newKey(keys.newProvider(), Scope.READ);

    with(key)
        .header("X-Request-Id", key)
        .get(PROBE)
        .then()
        .statusCode(200)
        .header("X-Request-Id", not(containsString(key)));
  }

  @Test
  void a_missing_scope_is_named() {
    String key = keys.newKey(keys.newProvider(), Scope.READ);

    with(key)
        .contentType("application/json")
        .body("{}")
        .post(PROBE)
        .then()
        .statusCode(403)
        .contentType("application/problem+json")
        .body("code", equalTo("scope_missing"))
        .body("detail", containsString("write"));
  }

  @Test
  void an_actor_is_refused_when_too_long() {
    operator()
        .header("Yima-Provider", keys.newProvider())
        .header("Yima-Actor", "x".repeat(129))
        .get(PROBE)
        .then()
        .statusCode(400)
        .body("code", equalTo("invalid_header"));
  }

  @Test
  void an_actor_is_what_somebody_is_called_in_any_script() {
    String provider = keys.newProvider();

    for (String actor : List.of("Li Lei", "李雷", "😀".repeat(128), " padded ")) {
      Answer answer = probe(provider, "Yima-Actor: " + latin1(actor));
      assertThat(answer.json().getString("actor")).isEqualTo(actor.strip());
    }
    for (String nobody : List.of("", " ")) {
      assertThat(probe(provider, "Yima-Actor: " + nobody).json().getString("actor"))
          .isEqualTo("null");
    }
  }

  @Test
  void an_actor_that_is_no_text_is_refused() {
    String provider = keys.newProvider();
    List<String> bad =
        List.of(
            "\u00c3\u0028", "\u00ff", "\u00ed\u00a0\u0080", latin1("a\u0085b"), "x".repeat(129));

    for (String actor : bad) {
      Answer answer = probe(provider, "Yima-Actor: " + actor);
      assertThat(answer.status()).as(actor).isEqualTo(400);
      assertThat(answer.problem()).isEqualTo("invalid_header");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"Yima-Actor: a", "Yima-Provider: %s"})
  void a_header_that_decides_something_is_given_once(String header) {
    String provider = keys.newProvider();
    String given = header.formatted(provider);

    Answer answer =
        RawHttp.as(YimaTestResource.OPERATOR_KEY)
            .with("Yima-Provider: " + provider)
            .with(given)
            .with(given)
            .send("GET", PROBE);

    assertThat(answer.status()).isEqualTo(400);
    assertThat(answer.problem()).isEqualTo("invalid_header");
  }

  @Test
  void of_two_keys_neither_counts() {
    String key = keys.newKey(keys.newProvider(), Scope.READ);

    for (String other : List.of(key, YimaTestResource.OPERATOR_KEY, "yima_pk_nonsense")) {
      Answer answer = RawHttp.as(key).with("Authorization: Bearer " + other).send("GET", PROBE);
      assertThat(answer.status()).isEqualTo(401);
      answer.problem();
    }
  }

  @Test
  void an_archived_or_blank_provider_is_nobody_to_act_for() {
    String archived = keys.newProvider();
    keys.archive(archived);

    assertThat(probe(archived, "X: y").status()).isEqualTo(404);
    assertThat(probe(archived, "X: y").problem()).isEqualTo("provider_not_found");
    assertThat(probe(" ", "X: y").problem()).isEqualTo("provider_required");
    assertThat(probe("wx'--", "X: y").problem()).isEqualTo("provider_not_found");
  }

  @Test
  void a_request_id_that_is_not_fit_is_replaced() {
    String provider = keys.newProvider();

    for (String fit : List.of("a", "A-z.0_9", "x".repeat(64))) {
      assertThat(probe(provider, "X-Request-Id: " + fit).header("X-Request-Id")).contains(fit);
    }
    for (String unfit : List.of("", "a b", "x".repeat(65), "a\tb", "<x>", "é")) {
      assertThat(probe(provider, "X-Request-Id: " + unfit).header("X-Request-Id"))
          .isPresent()
          .isNotEqualTo(Optional.of(unfit));
    }
    assertThat(
            RawHttp.as(YimaTestResource.OPERATOR_KEY)
                .with("X-Request-Id: a")
                .with("X-Request-Id: b")
                .send("GET", PROBE)
                .header("X-Request-Id")
                .orElse(""))
        .hasSize(36);
  }

  private static Answer probe(String provider, String header) {
    return RawHttp.as(YimaTestResource.OPERATOR_KEY)
        .with("Yima-Provider: " + provider)
        .with(header)
        .send("GET", PROBE);
  }

  /** As the bytes of UTF-8 look to those who take each for a character. */
  private static String latin1(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  private static RequestSpecification operator() {
    return with(YimaTestResource.OPERATOR_KEY);
  }

  private static RequestSpecification with(String key) {
    return given().auth().oauth2(key);
  }
}
