package io.yima.api.openapi;

import io.quarkus.smallrye.openapi.OpenApiFilter;
import io.quarkus.smallrye.openapi.OpenApiFilter.RunStage;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.AnnotationTarget;
import org.jboss.jandex.AnnotationValue;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.MethodInfo;

/** Makes what was read off the annotations the whole description, in an order that stays. */
@OpenApiFilter(stages = RunStage.BUILD)
public final class ApiDescription implements OASFilter {

  private static final DotName OPERATION =
      DotName.createSimple(org.eclipse.microprofile.openapi.annotations.Operation.class);

  private final IndexView index;

  public ApiDescription(IndexView index) {
    this.index = index;
  }

  @Override
  public void filterOpenAPI(OpenAPI api) {
    Components components = api.getComponents();
    SchemaCompletion schemas = new SchemaCompletion(index, components.getSchemas());
    components.setSchemas(schemas.complete(requests(api)));
    Map<String, MethodInfo> methods = methods();
    OperationCompletion operations = new OperationCompletion(index, components, schemas);
    Map<String, PathItem> paths = new TreeMap<>(api.getPaths().getPathItems());
    paths.forEach(
        (path, item) ->
            item.getOperations()
                .forEach((verb, operation) -> complete(operations, path, operation, methods)));
    api.getPaths().setPathItems(paths);
    components.setResponses(new TreeMap<>(components.getResponses()));
    components.setParameters(new TreeMap<>(components.getParameters()));
    components.setHeaders(new TreeMap<>(components.getHeaders()));
    api.setServers(null);
  }

  private static void complete(
      OperationCompletion operations,
      String path,
      Operation operation,
      Map<String, MethodInfo> methods) {
    MethodInfo method = methods.get(String.valueOf(operation.getOperationId()));
    if (method == null) {
      throw new IllegalStateException(
          "An operation of "
              + path
              + " has no @Operation with an operationId. Resources of tests are left out by"
              + " mp.openapi.scan.exclude.classes.");
    }
    operations.complete(path, operation, method);
  }

  /** The names of the schemas of requests, and of what these hold. */
  private static Set<String> requests(OpenAPI api) {
    Set<String> requests = new HashSet<>();
    api.getPaths().getPathItems().values().stream()
        .flatMap(item -> item.getOperations().values().stream())
        .map(Operation::getRequestBody)
        .filter(body -> body != null && body.getContent() != null)
        .flatMap(body -> body.getContent().getMediaTypes().values().stream())
        .forEach(type -> collect(type.getSchema(), api.getComponents().getSchemas(), requests));
    return requests;
  }

  private static void collect(Schema schema, Map<String, Schema> schemas, Set<String> requests) {
    if (schema.getRef() != null && requests.add(References.name(schema.getRef()))) {
      collect(References.find(schemas, schema.getRef()), schemas, requests);
    }
    if (schema.getItems() != null) {
      collect(schema.getItems(), schemas, requests);
    }
    if (schema.getProperties() != null) {
      schema.getProperties().values().forEach(field -> collect(field, schemas, requests));
    }
  }

  /** Each operation's method by the operation's id. */
  private Map<String, MethodInfo> methods() {
    Map<String, MethodInfo> methods = new HashMap<>();
    index.getAnnotations(OPERATION).stream()
        .filter(annotation -> annotation.target().kind() == AnnotationTarget.Kind.METHOD)
        .sorted(Comparator.comparing(annotation -> annotation.target().toString()))
        .forEach(annotation -> methods.put(id(annotation), annotation.target().asMethod()));
    return methods;
  }

  private static String id(AnnotationInstance annotation) {
    AnnotationValue id = annotation.value("operationId");
    return id == null ? "" : id.asString();
  }
}
