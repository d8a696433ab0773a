package io.yima.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import org.jspecify.annotations.Nullable;

/** The JSON body of a call, read as strictly as WeChat reads it. */
record Body(ObjectNode json) {

  static Body of(Incoming in) {
    if (in.body().isBlank()) {
      throw new Refusal(44002, "empty post data");
    }
    if (!(Json.parse(in.body()) instanceof ObjectNode json)) {
      throw new Refusal(47001, "data format error");
    }
    return new Body(json);
  }

  String text(String field) {
    return text(field, 47001);
  }

  /** A text that must be there; {@code missing} is the error number when it is not. */
  String text(String field, int missing) {
    String value = optional(field);
    if (value == null || value.isEmpty()) {
      throw new Refusal(missing, field + " missing");
    }
    return value;
  }

  /** A text, or null when it is absent or null; any other type is no JSON of WeChat's. */
  @Nullable String optional(String field) {
    JsonNode value = json.get(field);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isTextual()) {
      throw new Refusal(47001, "data format error: " + field);
    }
    return value.textValue();
  }

  long whole(String field) {
    JsonNode value = json.get(field);
    if (value == null || !value.isIntegralNumber() || !value.canConvertToLong()) {
      throw new Refusal(47001, "data format error: " + field);
    }
    return value.longValue();
  }
}
