package io.yima.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** Makes bodies and parameters out of schemas: right ones at their limits, and wrong ones. */
final class OddValues {

  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final List<String> TEXTS =
      List.of(
          "",
          " ",
          "a",
          "春山茶铺",
          "🍵👩‍👩‍👧‍👦",
          "\u202Eevil",
          "a\u0000b",
          "line\nbreak",
          "'; drop table provider; --",
          "%s%n${jndi:ldap://x}",
          "../..",
          "%2F",
          "<script>alert(1)</script>",
          "null",
          "-1",
          "NaN",
          "https://user:pass@example.com/",
          "ftp://example.com",
          "//example.com",
          "wx/../x");

  private final RandomGenerator random;

  OddValues(RandomGenerator random) {
    this.random = random;
  }

  /** Bytes for a body of this schema, right or wrong. */
  byte[] body(JsonNode schema, JsonNode example) {
    if (schema.isMissingNode()) {
      return random.nextBoolean() ? noise() : json(any(2));
    }
    JsonNode value = object(schema, example);
    return switch (random.nextInt(12)) {
      case 0, 1, 2, 3 -> json(value);
      case 4, 5 -> json(mistaken(value));
      case 6 ->
          json(
              value.deepCopy().isObject()
                  ? ((ObjectNode) value.deepCopy()).set("unknown", any(1))
                  : value);
      case 7 -> duplicate(value);
      case 8 -> truncated(json(value));
      case 9 ->
          (new String(json(value), StandardCharsets.UTF_8) + " trailing")
              .getBytes(StandardCharsets.UTF_8);
      case 10 -> json(any(3));
      default -> noise();
    };
  }

  /** A text for a parameter of this schema. */
  String parameter(JsonNode schema, String example) {
    return switch (random.nextInt(4)) {
      case 0 -> example;
      case 1 -> shortened(scalar(schema, NODES.textNode(example)).asText());
      case 2 -> pick(TEXTS);
      default -> text(random.nextInt(60));
    };
  }

  /** Addresses that are too long never reach an operation. */
  private static String shortened(String text) {
    return text.substring(
        0, text.offsetByCodePoints(0, Math.min(130, text.codePointCount(0, text.length()))));
  }

  /** One that HTTP lets into a header. */
  String header(JsonNode schema, String example) {
    return parameter(schema, example).replaceAll("[^\\x20-\\x7e]", "?").strip();
  }

  private JsonNode object(JsonNode schema, JsonNode example) {
    ObjectNode object = NODES.objectNode();
    schema
        .path("properties")
        .properties()
        .forEach(
            field -> {
              if (random.nextInt(8) > 0) {
                JsonNode known = example.path(field.getKey());
                object.set(
                    field.getKey(), random.nextInt(3) > 0 ? known : value(field.getValue(), known));
              }
            });
    return object;
  }

  private JsonNode value(JsonNode schema, JsonNode example) {
    if (schema.has("items")) {
      ArrayNode array = NODES.arrayNode();
      for (int i = random.nextInt(4); i > 0; i--) {
        array.add(scalar(schema.path("items"), example.path(0)));
      }
      return array;
    }
    return random.nextInt(8) == 0 ? NODES.nullNode() : scalar(schema, example);
  }

  private JsonNode scalar(JsonNode schema, JsonNode example) {
    JsonNode values = schema.path("enum");
    if (!values.isEmpty() && random.nextInt(4) > 0) {
      return values.get(random.nextInt(values.size()));
    }
    if (schema.toString().contains("\"integer\"")) {
      return NODES.numberNode(number(schema));
    }
    if (schema.path("format").asText().equals("uuid")) {
      return NODES.textNode(new UUID(random.nextLong(), random.nextLong()).toString());
    }
    int longest = schema.path("maxLength").asInt(64);
    return switch (random.nextInt(6)) {
      case 0 -> NODES.textNode(text(longest));
      case 1 -> NODES.textNode(text(longest + 1));
      case 2 -> NODES.textNode(text(1));
      case 3 -> NODES.textNode(example.asText() + random.nextInt(1_000));
      case 4 -> NODES.textNode(pick(TEXTS));
      default -> example;
    };
  }

  private long number(JsonNode schema) {
    long least = schema.path("minimum").asLong(0);
    long most = schema.path("maximum").asLong(Integer.MAX_VALUE);
    long step = schema.path("multipleOf").asLong(1);
    return pick(
        List.of(
            least,
            most,
            least - step,
            most + step,
            least + step * random.nextInt(5),
            least + 1,
            0L,
            -1L,
            Long.MAX_VALUE,
            Long.MIN_VALUE,
            (long) Integer.MAX_VALUE + 1));
  }

  /** With one field of another type. */
  private JsonNode mistaken(JsonNode value) {
    ObjectNode mistaken = value.deepCopy();
    List<String> fields = new ArrayList<>();
    mistaken.fieldNames().forEachRemaining(fields::add);
    if (!fields.isEmpty()) {
      mistaken.set(pick(fields), any(2));
    }
    return mistaken;
  }

  private JsonNode any(int depth) {
    return switch (random.nextInt(depth > 0 ? 9 : 7)) {
      case 0 -> NODES.nullNode();
      case 1 -> NODES.booleanNode(random.nextBoolean());
      case 2 -> NODES.numberNode(1.5);
      case 3 -> NODES.numberNode(random.nextLong());
      case 4 -> NODES.textNode("10000");
      case 5 -> NODES.numberNode(new java.math.BigInteger("123456789012345678901234567890"));
      case 6 -> NODES.textNode(pick(TEXTS));
      case 7 -> NODES.arrayNode().add(any(depth - 1)).add(any(depth - 1));
      default -> NODES.objectNode().set(pick(List.of("name", "key", "x")), any(depth - 1));
    };
  }

  private byte[] duplicate(JsonNode value) {
    String text = new String(json(value), StandardCharsets.UTF_8);
    return value.isEmpty()
        ? "{\"x\":1,\"x\":2}".getBytes(StandardCharsets.UTF_8)
        : (text.substring(0, text.length() - 1) + "," + text.substring(1))
            .getBytes(StandardCharsets.UTF_8);
  }

  private byte[] truncated(byte[] bytes) {
    return Arrays.copyOf(bytes, random.nextInt(bytes.length));
  }

  private byte[] noise() {
    byte[] noise = new byte[random.nextInt(1, 200)];
    random.nextBytes(noise);
    return noise;
  }

  private String text(int length) {
    int[] points = {'a', 'Z', '9', '-', '.', '_', '@', ' ', '码', 0x1F375, 0x1F600, 'é'};
    boolean plain = random.nextBoolean();
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.appendCodePoint(points[random.nextInt(plain ? 3 : points.length)]);
    }
    return text.toString();
  }

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  private static byte[] json(JsonNode value) {
    try {
      return JSON.writeValueAsBytes(value);
    } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
