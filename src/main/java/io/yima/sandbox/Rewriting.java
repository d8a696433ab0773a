package io.yima.sandbox;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Another answer made out of a true one: fields written over or left out, or another text
 * altogether. A field is named by its name, or by a JSON Pointer where it lies deeper, as in {@code
 * /list/0/refresh_token}; what leads nowhere changes nothing.
 */
record Rewriting(Map<JsonPointer, JsonNode> set, List<JsonPointer> remove, @Nullable String body) {

  static Rewriting of(FaultRule rule) {
    Map<JsonPointer, JsonNode> set = new LinkedHashMap<>();
    if (rule.set() != null) {
      rule.set().properties().forEach(field -> set.put(pointer(field.getKey()), field.getValue()));
    }
    List<JsonPointer> remove =
        rule.remove() == null ? List.of() : rule.remove().stream().map(Rewriting::pointer).toList();
    return new Rewriting(set, remove, rule.body());
  }

  Answer applied(Answer answer) {
    String rewritten = body == null ? rewritten(answer.body()) : body;
    return new Answer(answer.status(), answer.contentType(), rewritten, answer.headers());
  }

  private String rewritten(String text) {
    ObjectNode tree = Json.parse(text) instanceof ObjectNode object ? object : Json.object();
    remove.forEach(pointer -> put(tree, pointer, null));
    set.forEach((pointer, value) -> put(tree, pointer, value));
    return Json.write(tree);
  }

  private static void put(ObjectNode tree, JsonPointer pointer, @Nullable JsonNode value) {
    JsonNode holder = tree.at(pointer.head());
    String name = pointer.last().getMatchingProperty();
    int index = pointer.last().getMatchingIndex();
    if (holder instanceof ObjectNode object) {
      if (value == null) {
        object.remove(name);
      } else {
        object.set(name, value.deepCopy());
      }
    } else if (holder instanceof ArrayNode array && index >= 0 && index < array.size()) {
      if (value == null) {
        array.remove(index);
      } else {
        array.set(index, value.deepCopy());
      }
    }
  }

  private static JsonPointer pointer(String name) {
    return name.startsWith("/")
        ? JsonPointer.compile(name)
        : JsonPointer.empty().appendProperty(name);
  }
}
