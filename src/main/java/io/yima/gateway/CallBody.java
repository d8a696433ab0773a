package io.yima.gateway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.yima.api.Problems;
import io.yima.api.TextRules;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The JSON of a call, read as WeChat reads it, whatever its content type says: unknown fields do no
 * harm, and numbers may be texts, as they are in WeChat's own examples [M2].
 */
final class CallBody {

  private static final Pattern NUMBER = Pattern.compile("[0-9]{1,18}");
  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

  private final String text;
  private final JsonNode json;

  private CallBody(String text, JsonNode json) {
    this.text = text;
    this.json = json;
  }

  /** Throws the problems for which WeChat has 44002 and 47001. */
  static CallBody of(byte[] body) {
    if (body.length == 0) {
      throw Problems.of(400, "body_required", "empty post data");
    }
    String text = TextRules.utf8(body).orElseThrow(CallBody::unreadable);
    try {
      JsonNode json = MAPPER.readTree(text);
      if (json.isObject()) {
        return new CallBody(text, json);
      }
    } catch (JsonProcessingException e) {
      // Its message quotes the body.
    }
    throw unreadable();
  }

  /** As it came. */
  String text() {
    return text;
  }

  @Nullable String optionalText(String field) {
    JsonNode value = json.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw unreadable(field);
    }
    return value.textValue();
  }

  String requireText(String field) {
    String value = optionalText(field);
    if (value == null || value.isEmpty()) {
      throw unreadable(field);
    }
    return value;
  }

  @Nullable Long optionalNumber(String field) {
    JsonNode value = json.path(field);
    if (value.isMissingNode() || value.isNull()) {
      return null;
    }
    if (value.isIntegralNumber() && value.canConvertToLong()) {
      return value.longValue();
    }
    if (value.isTextual() && NUMBER.matcher(value.textValue()).matches()) {
      return Long.valueOf(value.textValue());
    }
    throw unreadable(field);
  }

  long requireNumber(String field) {
    Long value = optionalNumber(field);
    if (value == null) {
      throw unreadable(field);
    }
    return value;
  }

  private static HttpProblem unreadable() {
    return Problems.of(400, "invalid_body", "data format error");
  }

  private static HttpProblem unreadable(String field) {
    return Problems.of(400, "invalid_body", "data format error: " + field);
  }
}
