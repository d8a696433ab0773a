package io.yima.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpResponse;
import java.util.List;

/** Holds answers to what the description says of them. */
final class Answers {

  private static final ObjectMapper JSON = new ObjectMapper();

  private final Description description;
  private int checked;

  /** The description must be closed, so that a field that is not described shows. */
  Answers(Description description) {
    this.description = description;
  }

  int checked() {
    return checked;
  }

  /** The answer is one that is described, and shows nothing of these texts that was not sent. */
  void check(Call call, HttpResponse<String> answer, List<String> foreign, String told) {
    checked++;
    int status = answer.statusCode();
    String what = told + ": " + call.text() + "\nwas answered " + status + " " + answer.body();
    JsonNode described = call.operation.answers().get(status);
    assertThat(described).as(what).isNotNull();
    assertThat(status).as(what).isNotEqualTo(500);
    described
        .path("headers")
        .properties()
        .forEach(
            header -> {
              boolean required =
                  description.resolved(header.getValue()).path("required").asBoolean();
              assertThat(!required || answer.headers().firstValue(header.getKey()).isPresent())
                  .as("%s without %s", what, header.getKey())
                  .isTrue();
            });
    JsonNode content = described.path("content");
    if (content.isMissingNode()) {
      assertThat(answer.body()).as(what).isEmpty();
    } else {
      checkBody(content, answer, what);
    }
    checkSilence(call, answer, foreign, what);
  }

  private void checkBody(JsonNode content, HttpResponse<String> answer, String what) {
    String type = answer.headers().firstValue("Content-Type").orElse("").split(";")[0];
    JsonNode described = content.path(type);
    assertThat(described.isMissingNode()).as("%s as %s", what, type).isFalse();
    JsonNode value =
        type.endsWith("json")
            ? json(answer.body(), what)
            : JSON.getNodeFactory().textNode(answer.body());
    assertThat(description.violations(described.path("schema"), value)).as(what).isEmpty();
    if (type.equals("application/problem+json")) {
      assertThat(value.path("request_id").asText())
          .as(what)
          .isEqualTo(answer.headers().firstValue("X-Request-Id").orElse(null));
    }
  }

  private static void checkSilence(
      Call call, HttpResponse<String> answer, List<String> foreign, String what) {
    String told = answer.body() + answer.headers().map();
    String sent = call.text();
    assertThat(foreign)
        .as(what)
        .allSatisfy(text -> assertThat(told.contains(text) && !sent.contains(text)).isFalse());
    assertThat(told).as(what).doesNotContain("\tat ", "Exception", "io.yima.", "org.postgresql");
  }

  static JsonNode json(String body, String what) {
    try {
      return JSON.readTree(body);
    } catch (JsonProcessingException e) {
      throw new AssertionError(what, e);
    }
  }

  static String code(HttpResponse<String> answer) {
    return json(answer.body(), answer.toString()).path("code").asText();
  }
}
