package io.yima.security;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import io.yima.testsupport.Logged;
import io.yima.testsupport.RawHttp;
import io.yima.testsupport.YimaTestResource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class DialectTest {

  private static final String PROBE = "/api/v1/probe";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"primitive\":1,\"flag\":true,\"nothing\":1} | unknown_field | nothing",
        "{\"number\":\"10000\"}              | invalid_type  | number",
        "{\"number\":1.5}                    | invalid_type  | number",
        "{\"number\":true}                   | invalid_type  | number",
        "{\"primitive\":\"1\"}               | invalid_type  | primitive",
        "{\"primitive\":null}                | invalid_type  | primitive",
        "{\"number\":99999999999}            | invalid_type  | number",
        "{\"text\":7}                        | invalid_type  | text",
        "{\"flag\":\"true\"}                 | invalid_type  | flag",
        "{\"many_items\":[{\"item_count\":\"1\"}]} | invalid_type | many_items[0].item_count",
        "{\"primitive\":1,\"primitive\":2}    | duplicate_field | primitive",
        "{\"many_items\":[{\"item_count\":1},{\"item_count\":1,\"item_count\":1}]} | duplicate_field | many_items[1].item_count",
        "{\"nothing\":{},\"nothing\":{}}       | duplicate_field | nothing",
      })
  void a_wrong_field_is_named(String body, String code, String field) {
    post(body)
        .statusCode(400)
        .contentType("application/problem+json")
        .body("code", equalTo(code))
        .body("errors[0].field", equalTo(field));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"primitive\":1",
        "{\"primitive\":1,\"flag\":true} {}",
        "[]",
        "\"text\"",
        "not json"
      })
  void what_is_not_one_json_object_is_refused(String body) {
    post(body)
        .statusCode(400)
        .contentType("application/problem+json")
        .body("code", equalTo("invalid_json"));
  }

  @Test
  void violations_carry_json_names() {
    post("{\"primitive\":1,\"flag\":true,\"many_items\":[{\"item_count\":11}]}")
        .statusCode(422)
        .body("code", equalTo("invalid"))
        .body("violations", equalTo(null))
        .body("errors[0].field", equalTo("many_items[0].item_count"));
  }

  @Test
  void what_rest_itself_refuses_is_a_problem_too() {
    problem(operator().get("/api/v1/nothing").then(), 404, "not_found");
    problem(operator().get("/api/nothing").then(), 404, "not_found");
    problem(operator().delete(PROBE).then(), 405, "method_not_allowed");
    problem(operator().accept("text/csv").get(PROBE + "/fail/x").then(), 406, "not_acceptable");
    problem(
        operator().contentType("text/plain").body("{}").post(PROBE).then(),
        415,
        "unsupported_media_type");
    // Whoever sends it all the same may find the connection closed before the answer.
    RawHttp.Answer tooLarge =
        RawHttp.as(YimaTestResource.OPERATOR_KEY)
            .with("Content-Type: application/json")
            .with("Content-Length: 1100000")
            .sendAsIs("POST", PROBE, new byte[0]);
    assertThat(tooLarge.status()).isEqualTo(413);
    assertThat(tooLarge.problem()).isEqualTo("body_too_large");
  }

  @Test
  void a_failure_of_ours_tells_nothing_but_the_request_id() {
    problem(operator().get(PROBE + "/fail/bug").then(), 500, "internal_error")
        .body(not(containsString("password")));
    problem(operator().get(PROBE + "/fail/statement").then(), 500, "internal_error")
        .body(not(containsString("password")));
  }

  @Test
  void an_unreachable_database_is_told_with_a_time_to_retry() {
    problem(operator().get(PROBE + "/fail/connection").then(), 503, "database_unavailable")
        .header("Retry-After", notNullValue());
  }

  @Test
  void a_bug_is_logged_once_with_its_stack_trace_and_what_is_foreseen_in_a_line() {
    try (Logged logged = new Logged()) {
      operator().get(PROBE + "/fail/bug").then().statusCode(500);
      operator().get(PROBE + "/fail/connection").then().statusCode(503);
      operator().get(PROBE + "/fail/connection%0Asecond line").then().statusCode(500);
      operator().get("/api/v1/nothing").then().statusCode(404);

      assertThat(logged.troubles(""))
          .hasSize(3)
          .noneMatch(entry -> entry.message().contains("\n"))
          .filteredOn(entry -> entry.thrown() == null)
          .singleElement()
          .matches(entry -> entry.message().contains("503 database_unavailable"));
      assertThat(logged.troubles("failed"))
          .hasSize(2)
          .allMatch(entry -> entry.thrown() instanceof IllegalStateException);
    }
  }

  private static ValidatableResponse problem(
      ValidatableResponse response, int status, String code) {
    String id = response.extract().header("X-Request-Id");
    return response
        .statusCode(status)
        .contentType("application/problem+json")
        .body("code", equalTo(code))
        .body("status", equalTo(status))
        .body("request_id", equalTo(id))
        .body("title", notNullValue());
  }

  private static ValidatableResponse post(String body) {
    return operator().contentType("application/json").body(body).post(PROBE).then();
  }

  private static RequestSpecification operator() {
    return given().auth().oauth2(YimaTestResource.OPERATOR_KEY);
  }
}
