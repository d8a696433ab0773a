package io.yima.sandbox;

import com.fasterxml.jackson.annotation.JsonAutoDetect.Visibility;
import com.fasterxml.jackson.annotation.PropertyAccessor;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The sandbox's JSON: strict for its control interface, tolerant for its own older state files. */
final class Json {

  private static final JsonMapper STRICT =
      JsonMapper.builder()
          .addModule(new JavaTimeModule())
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .visibility(PropertyAccessor.FIELD, Visibility.ANY)
          .visibility(PropertyAccessor.IS_GETTER, Visibility.NONE)
          .visibility(PropertyAccessor.GETTER, Visibility.NONE)
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
          .disable(SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
          .build();

  private static final JsonMapper TOLERANT =
      STRICT.rebuild().disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES).build();

  private Json() {}

  static ObjectNode object() {
    return JsonNodeFactory.instance.objectNode();
  }

  static ArrayNode array() {
    return JsonNodeFactory.instance.arrayNode();
  }

  /** The text as a tree, or null when it is no JSON. */
  static @Nullable JsonNode parse(String text) {
    try {
      JsonNode tree = STRICT.readTree(text);
      return tree == null || tree.isMissingNode() ? null : tree;
    } catch (JsonProcessingException e) {
      return null;
    }
  }

  /** Reads a control request; refuses what it does not know. */
  static <T> T read(String text, Class<T> type) {
    try {
      T value = STRICT.readValue(text.isBlank() ? "{}" : text, type);
      if (value == null) {
        throw new BadControl("the body must be a JSON object");
      }
      return value;
    } catch (JsonProcessingException e) {
      throw new BadControl(e.getOriginalMessage());
    }
  }

  /** Lays the fields of a control request over a value that exists. */
  static <T> T merge(T base, String text, Class<T> type) {
    try {
      ObjectNode merged = STRICT.valueToTree(base);
      if (!(parse(text) instanceof ObjectNode changes)) {
        throw new BadControl("the body must be a JSON object");
      }
      for (var change : changes.properties()) {
        if (change.getValue().isNull()) {
          throw new BadControl(change.getKey() + " must not be null");
        }
      }
      merged.setAll(changes);
      return STRICT.treeToValue(merged, type);
    } catch (JsonProcessingException e) {
      throw new BadControl(e.getOriginalMessage());
    }
  }

  static JsonNode tree(Object value) {
    return STRICT.valueToTree(value);
  }

  static String write(Object value) {
    return new String(bytes(value), StandardCharsets.UTF_8);
  }

  static byte[] bytes(Object value) {
    try {
      return STRICT.writeValueAsBytes(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static World state(byte[] bytes) {
    try {
      return TOLERANT.readValue(bytes, World.class);
    } catch (IOException e) {
      throw new UncheckedIOException("the sandbox's state file cannot be read", e);
    }
  }
}
