package io.yima.security;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.specification.RequestSpecification;
import io.yima.testsupport.Keys;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
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

  private static RequestSpecification operator() {
    return with(YimaTestResource.OPERATOR_KEY);
  }

  private static RequestSpecification with(String key) {
    return given().auth().oauth2(key);
  }
}
