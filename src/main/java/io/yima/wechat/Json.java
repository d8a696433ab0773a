package io.yima.wechat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yima.secrets.Secret;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A request body under construction: raw UTF-8, numbers as numbers, no empty fields. Or a ready
 * one, as somebody else wrote it.
 */
final class Json {

  private static final JsonMapper MAPPER =
      JsonMapper.builder().enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8).build();

  private final ObjectNode fields = MAPPER.createObjectNode();

  private final @Nullable String ready;

  Json() {
    this(null);
  }

  private Json(@Nullable String ready) {
    this.ready = ready;
  }

  static Json ready(String text) {
    return new Json(text);
  }

  Json with(String name, Json value) {
    fields.set(name, value.fields);
    return this;
  }

  Json with(String name, @Nullable String value) {
    if (value != null) {
      fields.put(name, value);
    }
    return this;
  }

  Json with(String name, Secret value) {
    return with(name, value.reveal());
  }

  Json with(String name, @Nullable Long value) {
    if (value != null) {
      fields.put(name, value);
    }
    return this;
  }

  byte[] bytes() {
    if (ready != null) {
      return ready.getBytes(StandardCharsets.UTF_8);
    }
    try {
      return MAPPER.writeValueAsBytes(fields);
    } catch (JsonProcessingException e) {
      // Without its message and cause, which may quote a secret.
      throw new IllegalArgumentException("a request to WeChat cannot be written as JSON");
    }
  }
}
