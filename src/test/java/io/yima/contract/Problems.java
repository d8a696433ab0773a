package io.yima.contract;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Set;
import java.util.TreeSet;

/** Reads the description of a problem. */
final class Problems {

  private Problems() {}

  /** The codes that an operation can answer with this status. */
  static Set<String> codes(Description.Operation operation, int status) {
    JsonNode answer = operation.answers().get(status);
    return answer == null ? Set.of() : codes(answer.at("/content/application~1problem+json"));
  }

  /** The codes that can come with it. */
  static Set<String> codes(JsonNode mediaType) {
    Set<String> codes = new TreeSet<>();
    mediaType.at("/schema/allOf/1/properties/code/enum").forEach(code -> codes.add(code.asText()));
    return codes;
  }
}
