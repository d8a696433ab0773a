package io.yima.wechat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Makes odd answers out of true ones: other values, other shapes, holes, torn and dirty texts. */
final class OddAnswers {

  private static final JsonMapper MAPPER = new JsonMapper();
  private static final List<String> VALUES =
      List.of(
          "null",
          "true",
          "0",
          "-1",
          "1.5",
          "1e400",
          "9223372036854775807",
          "9223372036854775808",
          "123456789012345678901234567890",
          "1000000000000",
          "\"\"",
          "\" \"",
          "\"7200\"",
          "\"9223372036854775808\"",
          "\"\\u0000\"",
          "\"\\ud800\"",
          "\"\\ud83d\\ude00 \\u0085\\u202e\"",
          "\"%41{x}&a=b#\"",
          "\"" + "\u7801".repeat(5_000) + "\"",
          "[]",
          "{}",
          "[null,[],{\"a\":[1]}]",
          "[".repeat(900) + "]".repeat(900),
          "{\"errcode\":0}");

  private final RandomGenerator random;

  OddAnswers(RandomGenerator random) {
    this.random = random;
  }

  String oddFrom(String sound) {
    return switch (random.nextInt(6)) {
      case 0 -> torn(sound);
      case 1 -> sound + random.nextInt() + sound;
      case 2 -> VALUES.get(random.nextInt(VALUES.size()));
      default -> reshaped(sound);
    };
  }

  private String torn(String sound) {
    int at = random.nextInt(sound.length() + 1);
    return random.nextBoolean()
        ? sound.substring(0, at)
        : sound.substring(0, at) + (char) random.nextInt(0x10000) + sound.substring(at);
  }

  private String reshaped(String sound) {
    try {
      JsonNode tree = MAPPER.readTree(sound);
      for (int change = random.nextInt(1, 4); change > 0; change--) {
        reshape(tree);
      }
      return MAPPER
          .writeValueAsString(tree)
          .replaceAll("\"<<(\\d+)>>\"", "<<$1>>")
          .transform(this::filledIn);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Values stand in as marks until the tree is a text: not all of them are JSON that trees hold.
   */
  private String filledIn(String text) {
    String filled = text;
    for (int i = 0; i < VALUES.size(); i++) {
      filled = filled.replace("<<" + i + ">>", VALUES.get(i));
    }
    return filled;
  }

  private void reshape(JsonNode tree) {
    List<JsonNode> holders = new ArrayList<>();
    collect(tree, holders);
    String mark = "<<" + random.nextInt(VALUES.size()) + ">>";
    JsonNode holder = holders.get(random.nextInt(holders.size()));
    if (holder instanceof ObjectNode object && !object.isEmpty()) {
      List<String> names = new ArrayList<>();
      object.fieldNames().forEachRemaining(names::add);
      String name = names.get(random.nextInt(names.size()));
      if (random.nextInt(4) == 0) {
        object.remove(name);
      } else {
        object.put(name, mark);
      }
    } else if (holder instanceof ArrayNode array) {
      array.insert(random.nextInt(array.size() + 1), mark);
    }
  }

  private static void collect(JsonNode node, List<JsonNode> holders) {
    if (node.isContainerNode()) {
      holders.add(node);
      node.forEach(child -> collect(child, holders));
    }
  }
}
