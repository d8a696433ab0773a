package io.yima.contract;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.networknt.schema.JsonSchemaFactory;
import com.networknt.schema.SchemaId;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SpecVersion.VersionFlag;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.contract.Description.Operation;
import io.yima.testsupport.YimaTestResource;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Holds the API's description to what it promises: current, complete, and right in itself. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class OpenApiTest {

  private static final String RENEW = "openapi.renew";

  @Test
  void the_committed_description_is_the_served_one() throws IOException {
    String served = given().get("/q/openapi").then().statusCode(200).extract().asString();
    if (Boolean.getBoolean(RENEW)) {
      Files.writeString(Description.FILE, served);
    }

    assertThat(Description.FILE)
        .as("renew it: ./mvnw test -Dtest=OpenApiTest -D%s=true", RENEW)
        .content()
        .isEqualTo(served);
  }

  @Test
  void it_tells_every_operation_and_no_other() {
    Set<String> described =
        Description.committed().operations().stream()
            .map(operation -> operation.verb() + " " + operation.path())
            .collect(Collectors.toCollection(TreeSet::new));

    assertThat(described).isEqualTo(implemented()).hasSizeGreaterThan(20);
  }

  @Test
  void everything_is_explained_and_has_an_example() {
    Description description = Description.committed();
    List<String> bare = new ArrayList<>();
    for (Operation operation : description.operations()) {
      require(operation.node(), operation.id(), bare, "summary", "tags", "operationId");
      operation
          .parameters()
          .forEach(
              parameter ->
                  require(
                      parameter,
                      operation.id() + " " + parameter.path("name").asText(),
                      bare,
                      "description",
                      "example",
                      "schema"));
      JsonNode body = description.resolved(operation.node().path("requestBody"));
      if (!body.isMissingNode()) {
        require(body, operation.id() + " body", bare, "description", "content");
        contents(body, operation.id() + " body", bare);
      }
      operation
          .answers()
          .forEach(
              (status, answer) -> {
                require(answer, operation.id() + " " + status, bare, "description", "headers");
                contents(answer, operation.id() + " " + status, bare);
              });
    }
    description
        .root()
        .at("/components/schemas")
        .properties()
        .forEach(
            schema -> {
              require(schema.getValue(), schema.getKey(), bare, "description");
              schema
                  .getValue()
                  .path("properties")
                  .properties()
                  .forEach(
                      field ->
                          requireField(
                              description,
                              schema.getKey() + "." + field.getKey(),
                              field.getValue(),
                              bare));
            });

    assertThat(bare).isEmpty();
  }

  private static void contents(JsonNode node, String what, List<String> bare) {
    node.path("content")
        .properties()
        .forEach(
            type ->
                require(type.getValue(), what + " " + type.getKey(), bare, "schema", "example"));
  }

  /**
   * One that is an object of its own is explained there, and a list has the example of its items.
   */
  private static void requireField(
      Description description, String what, JsonNode field, List<String> bare) {
    JsonNode named = description.resolved(field.has("anyOf") ? field.at("/anyOf/0") : field);
    require(named, what, bare, "description");
    if (!named.has("properties") && !named.path("items").has("$ref")) {
      require(named, what, bare, "examples");
    }
  }

  private static void require(JsonNode node, String what, List<String> bare, String... parts) {
    for (String part : parts) {
      if (node.path(part).isMissingNode()
          || node.path(part).isEmpty() && node.path(part).asText().isEmpty()) {
        bare.add(what + " has no " + part);
      }
    }
  }

  @Test
  void every_example_fits_its_schema() {
    Description description = Description.committed().closed();
    List<String> wrong = new ArrayList<>();
    collect(description, description.root(), "", wrong);

    assertThat(wrong).isEmpty();
  }

  private static void collect(
      Description description, JsonNode node, String at, List<String> wrong) {
    if (node.has("schema") && node.has("example")) {
      description
          .violations(node.path("schema"), node.path("example"))
          .forEach(violation -> wrong.add(at + ": " + violation));
    }
    if (node.path("examples").isArray()) {
      for (JsonNode example : node.path("examples")) {
        description
            .violations(node, example)
            .forEach(violation -> wrong.add(at + ": " + violation));
      }
    }
    node.properties()
        .forEach(
            child -> {
              if (!child.getKey().equals("example")) {
                collect(description, child.getValue(), at + "/" + child.getKey(), wrong);
              }
            });
    for (int i = 0; node.isArray() && i < node.size(); i++) {
      collect(description, node.get(i), at + "/" + i, wrong);
    }
  }

  @Test
  void every_schema_is_one() {
    var dialect =
        JsonSchemaFactory.getInstance(VersionFlag.V202012)
            .getSchema(SchemaLocation.of(SchemaId.V202012));
    JsonNode schemas = Description.committed().root().at("/components/schemas");

    assertThat(schemas.properties())
        .hasSizeGreaterThan(15)
        .allSatisfy(schema -> assertThat(dialect.validate(schema.getValue())).isEmpty());
  }

  @Test
  void every_problem_lists_its_codes() {
    for (Operation operation : Description.committed().operations()) {
      operation
          .answers()
          .forEach(
              (status, answer) -> {
                JsonNode problem = answer.at("/content/application~1problem+json");
                if (!problem.isMissingNode()) {
                  assertThat(Problems.codes(problem))
                      .as("%s %s", operation, status)
                      .isNotEmpty()
                      .contains(problem.at("/example/code").asText());
                }
              });
    }
  }

  /** Verbs and paths of what is called under /api, /gateway and /wechat. */
  private static Set<String> implemented() {
    return new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("io.yima")
            .stream()
            .filter(resource -> resource.isAnnotatedWith(Path.class))
            .flatMap(resource -> resource.getMethods().stream())
            .flatMap(OpenApiTest::operation)
            .filter(operation -> operation.matches("[A-Z]+ /(api|gateway|wechat)/.*"))
            .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Stream<String> operation(JavaMethod method) {
    JavaClass resource = method.getOwner();
    String own =
        method.isAnnotatedWith(Path.class) ? method.getAnnotationOfType(Path.class).value() : "";
    String path = resource.getAnnotationOfType(Path.class).value();
    if (!own.isEmpty()) {
      path += own.startsWith("/") ? own : "/" + own;
    }
    String whole = path.replace(":.+}", "}");
    return method.getAnnotations().stream()
        .filter(annotation -> annotation.getRawType().isAnnotatedWith(HttpMethod.class))
        .map(annotation -> annotation.getRawType().getSimpleName() + " " + whole);
  }
}
