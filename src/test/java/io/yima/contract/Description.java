package io.yima.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.networknt.schema.JsonSchema;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaValidatorsConfig;
import com.networknt.schema.SpecVersion.VersionFlag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The API's description as it is committed, read as a client would read it. */
final class Description {

  static final Path FILE = Path.of("docs", "openapi.yaml");

  private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
  private static final JsonSchemaFactory SCHEMAS =
      JsonSchemaFactory.getInstance(VersionFlag.V202012);
  private static final SchemaValidatorsConfig CONFIG =
      SchemaValidatorsConfig.builder().formatAssertionsEnabled(true).build();

  /** A method of a path; parameters and answers without references. */
  record Operation(
      String id,
      String verb,
      String path,
      JsonNode node,
      List<JsonNode> parameters,
      Map<Integer, JsonNode> answers) {

    boolean isApi() {
      return path.startsWith("/api/");
    }

    /** The scope it needs; empty where no key is asked for. */
    Optional<String> scope() {
      JsonNode scope = node.at("/security/0/api_key/0");
      return scope.isMissingNode() ? Optional.empty() : Optional.of(scope.asText());
    }

    boolean names(String parameter) {
      return parameters.stream().anyMatch(p -> p.path("name").asText().equals(parameter));
    }

    @Override
    public String toString() {
      return id;
    }
  }

  private final JsonNode root;
  private final Map<JsonNode, JsonSchema> compiled = new IdentityHashMap<>();

  private Description(JsonNode root) {
    this.root = root;
  }

  static Description committed() {
    try {
      return new Description(YAML.readTree(Files.readString(FILE)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** With objects that have no other fields than those described, as answers must be. */
  Description closed() {
    JsonNode closed = root.deepCopy();
    closed
        .at("/components/schemas")
        .forEach(schema -> ((ObjectNode) schema).put("additionalProperties", false));
    return new Description(closed);
  }

  JsonNode root() {
    return root;
  }

  List<Operation> operations() {
    List<Operation> operations = new ArrayList<>();
    root.path("paths")
        .properties()
        .forEach(
            path ->
                path.getValue()
                    .properties()
                    .forEach(
                        verb ->
                            operations.add(
                                operation(verb.getKey(), path.getKey(), verb.getValue()))));
    return operations;
  }

  private Operation operation(String verb, String path, JsonNode node) {
    List<JsonNode> parameters = new ArrayList<>();
    node.path("parameters").forEach(parameter -> parameters.add(resolved(parameter)));
    Map<Integer, JsonNode> answers = new HashMap<>();
    node.path("responses")
        .properties()
        .forEach(
            answer -> answers.put(Integer.valueOf(answer.getKey()), resolved(answer.getValue())));
    String id = node.path("operationId").asText();
    return new Operation(
        id, verb.toUpperCase(java.util.Locale.ROOT), path, node, parameters, answers);
  }

  /** What a node refers to, or itself. */
  JsonNode resolved(JsonNode node) {
    return node.has("$ref") ? root.at(node.path("$ref").asText().substring(1)) : node;
  }

  /** The body's schema, resolved; a missing node where no JSON is taken. */
  JsonNode body(Operation operation) {
    return resolved(operation.node().at("/requestBody/content/application~1json/schema"));
  }

  /** What in a value does not fit a schema. */
  List<String> violations(JsonNode schema, JsonNode value) {
    return compiled.computeIfAbsent(schema, this::compile).validate(value).stream()
        .map(Object::toString)
        .toList();
  }

  private JsonSchema compile(JsonNode schema) {
    ObjectNode whole = YAML.createObjectNode();
    whole.putArray("allOf").add(schema);
    whole.set("components", root.path("components"));
    return SCHEMAS.getSchema(whole, CONFIG);
  }
}
