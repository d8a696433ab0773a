package io.yima.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.testsupport.Keys;
import io.yima.testsupport.Operations;
import io.yima.testsupport.Operations.Operation;
import io.yima.testsupport.RawHttp;
import io.yima.testsupport.RawHttp.Answer;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What no client should send and somebody will, sent as it is written here. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class HostileRequestTest {

  private static final String PROVIDERS = "/api/v1/providers";

  /** Stands in an address as it is. */
  private static final List<String> HOSTILE =
      List.of(
          "%00",
          "a%00b",
          "%01",
          "%7f",
          "%c2%80",
          "%zz",
          "%",
          "%e",
          "%c3%28",
          "%ff",
          "%ed%a0%80",
          "%f0%9f%92%a9",
          "%ef%bb%bf",
          "%e2%80%ae",
          "%0d%0aSet-Cookie:%20a=b",
          "-1",
          "0",
          "1.5",
          "1e999999999",
          "99999999999999999999999999",
          "true",
          "%27%20or%201=1--",
          "%7b%7d",
          "$%7bjndi:ldap://x%7d",
          "..%2f..%2fetc",
          "%2e%2e",
          "a;b=c",
          "+294277-01-01T00:00:00Z",
          "-292275055-05-16T16:47:04Z",
          "2026-02-30T00:00:00Z",
          "W10",
          "bnVsbA",
          "WyIiLCIiXQ",
          "x".repeat(7_000));

  @Inject Keys keys;
  @Inject Operations operations;

  @ParameterizedTest
  @CsvSource({
    "GET, /api/v1/%zz, 400, invalid_address",
    "GET, /api/v1/%, 400, invalid_address",
    "GET, /api/v1/providers?limit=%zz, 400, invalid_address",
    "GET, /api/v1/providers?%, 400, invalid_address",
    "GET, /api/v1/providers/%c3%28, 400, invalid_address",
    "GET, /api/v1/providers?after=%ff, 400, invalid_address",
    "GET, /wechat/%zz/events, 400, invalid_address",
    "GET, /wechat/x/authorized?auth_code=%, 400, invalid_address",
    "GET, /q/%zz, 400, invalid_address",
    "GET, /%zz, 400, invalid_address",
    "GET, /api\\v1, 400, invalid_address",
    "GET, //api/v1/providers, 400, invalid_address",
    "GET, /api//v1/providers, 400, invalid_address",
    "GET, /api/v1/../v1/providers, 400, invalid_address",
    "GET, /x/../api/v1/providers, 400, invalid_address",
    "GET, /api/v1/x/%2e%2E/providers, 400, invalid_address",
    "GET, /api/v1/./providers, 400, invalid_address",
    "GET, /api/v1/providers/., 400, invalid_address",
    "GET, /api/v1/providers;x=y, 400, invalid_address",
    "GET, /api/v1%2fproviders, 404, not_found",
    "GET, /API/v1/providers, 404, not_found",
    "GET, /api/v2/providers, 404, not_found",
    "GET, /, 404, not_found",
    "GET, /console, 404, not_found",
    "GET, /q/nothing, 404, not_found",
    "GET, /wechat/x, 404, not_found",
    "GET, /favicon.ico, 404, not_found",
    "GET, *, 404, not_found",
    "GET, nothing, 404, not_found",
    "GET, ?x, 400, bad_request",
    "get, /api/v1/providers, 405, method_not_allowed",
    "FOO, /api/v1/providers, 405, method_not_allowed",
    "TRACE, /api/v1/providers, 405, method_not_allowed",
    "CONNECT, /api/v1/providers, 405, method_not_allowed",
    "PUT, /wechat/x/authorized, 405, method_not_allowed",
    "GET, /wechat/x/events, 405, method_not_allowed",
  })
  void an_odd_address_or_method_is_told_in_the_dialect(
      String method, String address, int status, String code) {
    Answer answer = operator().send(method, address);

    assertThat(answer.status()).isEqualTo(status);
    assertThat(answer.problem()).isEqualTo(code);
  }

  @Test
  void a_method_that_an_address_has_not_names_those_it_has() {
    assertThat(operator().send("DELETE", PROVIDERS).header("Allow"))
        .contains("GET, HEAD, OPTIONS, POST");
    assertThat(operator().send("POST", PROVIDERS + "/x").header("Allow"))
        .contains("DELETE, GET, HEAD, OPTIONS, PATCH");
    assertThat(operator().send("GET", PROVIDERS + "/x/keys/y").header("Allow"))
        .contains("DELETE, OPTIONS");
    assertThat(RawHttp.anonymous().send("DELETE", "/wechat/x/authorize/y").header("Allow"))
        .contains("GET, HEAD, OPTIONS, POST");
    for (Operation operation : operations.all()) {
      Answer options = operator().send("OPTIONS", operation.at("x"));
      assertThat(options.status()).isEqualTo(204);
      assertThat(options.header("Allow").orElse("")).contains(operation.method(), "OPTIONS");
      Answer refused = operator().send("BREW", operation.at("x"));
      assertThat(refused.status()).as(operation.toString()).isEqualTo(405);
      assertThat(refused.header("Allow")).isEqualTo(options.header("Allow"));
    }
  }

  @Test
  void head_is_answered_as_get_without_a_body() {
    Answer answer = operator().send("HEAD", PROVIDERS);

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.header("X-Request-Id")).isPresent();
    assertThat(operator().send("HEAD", "/api/v1/nothing").status()).isEqualTo(404);
  }

  @Test
  void too_much_is_refused_in_the_dialect() {
    Answer line = operator().send("GET", PROVIDERS + "?after=" + "x".repeat(8_200));
    Answer headers = operator().with("X-Long: " + "x".repeat(21_000)).send("GET", PROVIDERS);
    RawHttp many = operator();
    for (int i = 0; i < 4_000; i++) {
      many.with("X-" + i + ": y");
    }

    assertThat(line.status()).isEqualTo(414);
    assertThat(line.problem()).isEqualTo("address_too_long");
    assertThat(headers.status()).isEqualTo(431);
    assertThat(headers.problem()).isEqualTo("headers_too_large");
    assertThat(many.send("GET", PROVIDERS).problem()).isEqualTo("headers_too_large");
    assertThat(operator().with("X-Long: " + "x".repeat(18_000)).send("GET", PROVIDERS).status())
        .isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/providers, 1048577, 413",
    "/api/v1/providers, 1048576, 400",
    "/api/v1/providers, 1900000, 413",
  })
  void a_body_is_as_long_as_is_taken_or_refused(String address, int length, int status) {
    byte[] body = " ".repeat(length).getBytes(StandardCharsets.US_ASCII);

    for (Answer answer :
        List.of(
            operator().send("POST", address, body),
            operator().sendChunked("POST", address, body))) {
      assertThat(answer.status()).isEqualTo(status);
      if (status == 413) {
        assertThat(answer.problem()).isEqualTo("body_too_large");
        assertThat(answer.header("Connection")).contains("close");
      }
    }
  }

  @Test
  void no_host_and_two_are_the_same_as_one_for_no_answer_of_ours_depends_on_it() {
    assertThat(RawHttp.bare().send("GET", PROVIDERS).problem()).isEqualTo("api_key_missing");
    assertThat(operator().with("Host: other").send("GET", PROVIDERS).status()).isEqualTo(200);
  }

  @Test
  void what_the_server_itself_cannot_read_is_a_bare_400() {
    for (String header :
        List.of("Content-Length: abc", "Content-Length: -1", "NoColon", "X: a\0b", "X\0: a")) {
      assertThat(operator().with(header).send("POST", PROVIDERS).status()).isEqualTo(400);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "///",
        "application/jsonx"
      })
  void what_is_not_json_is_415(String type) {
    Answer answer =
        operator()
            .with("Content-Type: " + type)
            .with("Content-Length: 2")
            .sendAsIs("POST", PROVIDERS, "{}".getBytes(StandardCharsets.US_ASCII));

    assertThat(answer.status()).isEqualTo(415);
    assertThat(answer.problem()).isEqualTo("unsupported_media_type");
  }

  @ParameterizedTest
  @ValueSource(strings = {"text/csv", "///;;q=x", "application/xml"})
  void what_cannot_be_had_as_json_is_406(String type) {
    Answer answer = operator().with("Accept: " + type).send("GET", PROVIDERS);

    assertThat(answer.status()).isEqualTo(406);
    assertThat(answer.problem()).isEqualTo("not_acceptable");
  }

  @Test
  void hostile_parts_of_every_path_are_never_a_failure_of_ours() {
    String provider = keys.newProvider();
    String merchant = keys.newAuthorizer(provider);
    long times = 0;
    for (Operation operation : operations.all()) {
      if (operation.path().contains("{")) {
        for (String hostile : HOSTILE) {
          refusedOrFine(operation, operation.at(hostile), provider);
          times++;
          String known =
              operation
                  .path()
                  .replace("{authorizer_appid}", merchant)
                  .replace("{component_appid}", provider);
          if (known.contains("{")) {
            String address = known.replaceAll("\\{[^}]*}", Matcher.quoteReplacement(hostile));
            refusedOrFine(operation, address, provider);
            times++;
          }
        }
      }
    }
    Robustness.row(
        "Dialect",
        "hostile path segments of every operation",
        times,
        "no 5xx; problems with their id");
  }

  @Test
  void hostile_values_of_every_query_parameter_are_never_a_failure_of_ours() {
    String provider = keys.newProvider();
    String merchant = keys.newAuthorizer(provider);
    long times = 0;
    for (Operation operation : operations.all()) {
      String path =
          operation
              .path()
              .replace("{authorizer_appid}", merchant)
              .replace("{component_appid}", provider)
              .replaceAll("\\{[^}]*}", "x");
      for (String name : operation.query()) {
        for (String hostile : HOSTILE) {
          refusedOrFine(operation, path + "?" + name + "=" + hostile, provider);
          times++;
        }
      }
    }
    Robustness.row(
        "Dialect",
        "hostile values of every query parameter",
        times,
        "no 5xx; problems with their id");
  }

  private static void refusedOrFine(Operation operation, String address, String provider) {
    RawHttp request = operator();
    if (!operation.roles().contains(Scope.OPERATOR)) {
      request.with("Yima-Provider: " + provider);
    }
    Answer answer = request.send(operation.method(), address);
    assertThat(answer.status()).as("%s %s", operation.method(), address).isBetween(200, 499);
    if (answer.status() >= 400) {
      answer.problem();
    }
  }

  private static RawHttp operator() {
    return RawHttp.as(YimaTestResource.OPERATOR_KEY);
  }
}
