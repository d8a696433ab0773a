package io.yima.api.openapi;

import io.yima.api.Idempotent;
import io.yima.api.Refuses;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.media.MediaType;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.parameters.Parameter.In;
import org.eclipse.microprofile.openapi.models.parameters.RequestBody;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.jboss.jandex.AnnotationInstance;
import org.jboss.jandex.DotName;
import org.jboss.jandex.IndexView;
import org.jboss.jandex.MethodInfo;
import org.jboss.jandex.MethodParameterInfo;
import org.jspecify.annotations.Nullable;

/** Adds to an operation what its path, its scope, its parameters and its body entail. */
final class OperationCompletion {

  private static final String API = "/api/";
  private static final String OPERATOR = "operator";
  private static final String WRITE = "write";
  private static final String IDEMPOTENCY_KEY = "Idempotency-Key";
  private static final DotName IDEMPOTENT = DotName.createSimple(Idempotent.class);
  private static final DotName REFUSES = DotName.createSimple(Refuses.class);
  private static final DotName ROLES_ALLOWED =
      DotName.createSimple(jakarta.annotation.security.RolesAllowed.class);
  private static final DotName NULLABLE = DotName.createSimple(Nullable.class);

  private final IndexView index;
  private final Components components;
  private final SchemaCompletion schemas;
  private final Examples examples;
  private final ProblemAnswers problems;

  OperationCompletion(IndexView index, Components components, SchemaCompletion schemas) {
    this.schemas = schemas;
    this.index = index;
    this.components = components;
    this.examples = new Examples(components.getSchemas());
    this.problems = new ProblemAnswers(components);
  }

  void complete(String path, Operation operation, MethodInfo method) {
    boolean api = path.startsWith(API);
    List<String> scopes = scopes(method);
    boolean forProvider = api && !scopes.contains(OPERATOR);
    completeBody(operation, method);
    completeParameters(path, operation, forProvider, scopes);
    boolean idempotent = method.hasDeclaredAnnotation(IDEMPOTENT);
    if (idempotent && !names(operation, IDEMPOTENCY_KEY)) {
      operation.addParameter(reference(IDEMPOTENCY_KEY));
    }
    Map<String, APIResponse> answers = new TreeMap<>(operation.getResponses().getAPIResponses());
    answers.values().forEach(this::completeAnswer);
    if (idempotent) {
      answers
          .values()
          .forEach(
              answer ->
                  answer.addHeader(
                      "Idempotency-Replayed", ProblemAnswers.header("Idempotency-Replayed")));
    }
    if (api) {
      operation.addSecurityRequirement(
          OASFactory.createSecurityRequirement().addScheme("api_key", scopes));
      refusals(path, operation, method, forProvider)
          .forEach(
              (status, refusals) ->
                  answers.put(
                      Integer.toString(status), problems.of(refusals, operation.getOperationId())));
    }
    operation.getResponses().setAPIResponses(answers);
  }

  private void completeBody(Operation operation, MethodInfo method) {
    RequestBody body = operation.getRequestBody();
    if (body == null || body.getContent() == null) {
      return;
    }
    boolean optional =
        method.parameters().stream()
            .filter(OperationCompletion::isBody)
            .anyMatch(parameter -> parameter.type().hasAnnotation(NULLABLE));
    boolean refused = declared(method).stream().anyMatch(r -> r.code().equals("body_required"));
    body.setRequired(!optional || refused);
    for (MediaType type : body.getContent().getMediaTypes().values()) {
      addExample(type);
      if (type.getSchema().getRef() != null) {
        body.setDescription(schema(type).getDescription());
      }
    }
  }

  private static boolean isBody(MethodParameterInfo parameter) {
    return parameter.declaredAnnotations().stream()
        .noneMatch(annotation -> annotation.name().toString().startsWith("jakarta.ws.rs."));
  }

  private void completeParameters(
      String path, Operation operation, boolean forProvider, List<String> scopes) {
    List<Parameter> parameters = new ArrayList<>();
    if (operation.getParameters() != null) {
      operation.getParameters().forEach(parameter -> parameters.add(shared(path, parameter)));
    }
    if (forProvider) {
      parameters.add(reference("Yima-Provider"));
      if (scopes.contains(WRITE) || operation.getRequestBody() != null) {
        parameters.add(reference("Yima-Actor"));
      }
    }
    parameters.add(reference("X-Request-Id"));
    operation.setParameters(parameters);
  }

  /** What the frame describes is referred to. */
  private Parameter shared(String path, Parameter parameter) {
    if (parameter.getDescription() != null) {
      parameter.setSchema(schemas.settled(parameter.getSchema()));
      return parameter;
    }
    for (Map.Entry<String, Parameter> known : components.getParameters().entrySet()) {
      if (known.getValue().getName().equals(parameter.getName())
          && known.getValue().getIn() == parameter.getIn()) {
        return reference(known.getKey());
      }
    }
    throw new IllegalStateException(
        "The parameter " + parameter.getName() + " of " + path + " is described nowhere.");
  }

  private static Parameter reference(String name) {
    return OASFactory.createParameter().ref("#/components/parameters/" + name);
  }

  private void completeAnswer(APIResponse answer) {
    APIResponse described =
        answer.getRef() == null
            ? answer
            : References.find(components.getResponses(), answer.getRef());
    described.addHeader("X-Request-Id", ProblemAnswers.header("X-Request-Id"));
    if (described.getContent() != null && described.getContent().getMediaTypes() != null) {
      described.getContent().getMediaTypes().values().forEach(this::addExample);
    }
  }

  private void addExample(MediaType type) {
    if (type.getExample() == null) {
      type.setSchema(schemas.settled(type.getSchema()));
      type.setExample(examples.of(type.getSchema()));
    }
  }

  private Map<Integer, List<Refusal>> refusals(
      String path, Operation operation, MethodInfo method, boolean forProvider) {
    List<Refusal> all = new ArrayList<>(declared(method));
    boolean query = has(operation, In.QUERY);
    if (operation.getRequestBody() != null) {
      all.addAll(CommonRefusals.BODY);
      if (Boolean.TRUE.equals(operation.getRequestBody().getRequired())) {
        all.addAll(CommonRefusals.REQUIRED_BODY);
      }
    }
    if (query || operation.getRequestBody() != null) {
      all.addAll(CommonRefusals.RULES);
    }
    all.addAll(forProvider ? CommonRefusals.PROVIDER : CommonRefusals.OPERATOR);
    if (forProvider && names(operation, "authorizer_appid")) {
      all.addAll(CommonRefusals.AUTHORIZER);
    }
    if (path.contains("{component_appid}")) {
      all.addAll(CommonRefusals.NAMED_PROVIDER);
    }
    if (names(operation, "Yima-Actor")) {
      all.addAll(CommonRefusals.ACTOR);
    }
    if (names(operation, IDEMPOTENCY_KEY)) {
      all.addAll(CommonRefusals.IDEMPOTENT);
    }
    all.addAll(CommonRefusals.ALWAYS);
    Map<Integer, Map<String, Refusal>> byStatus = new TreeMap<>();
    for (Refusal refusal : all) {
      byStatus
          .computeIfAbsent(refusal.status(), status -> new LinkedHashMap<>())
          .putIfAbsent(refusal.code(), refusal);
    }
    Map<Integer, List<Refusal>> refusals = new TreeMap<>();
    byStatus.forEach((status, codes) -> refusals.put(status, List.copyOf(codes.values())));
    return refusals;
  }

  private List<Refusal> declared(MethodInfo method) {
    List<AnnotationInstance> declared =
        new ArrayList<>(method.declaredAnnotationsWithRepeatable(REFUSES, index));
    declared.addAll(method.declaringClass().declaredAnnotationsWithRepeatable(REFUSES, index));
    return declared.stream().map(Refusal::of).toList();
  }

  private static List<String> scopes(MethodInfo method) {
    AnnotationInstance allowed = method.declaredAnnotation(ROLES_ALLOWED);
    return allowed == null ? List.of() : List.of(allowed.value().asStringArray());
  }

  private Parameter resolved(Parameter parameter) {
    return parameter.getRef() == null
        ? parameter
        : References.find(components.getParameters(), parameter.getRef());
  }

  private boolean has(Operation operation, In place) {
    return operation.getParameters().stream()
        .anyMatch(parameter -> resolved(parameter).getIn() == place);
  }

  private boolean names(Operation operation, String parameter) {
    return operation.getParameters().stream()
        .anyMatch(candidate -> resolved(candidate).getName().equals(parameter));
  }

  private Schema schema(MediaType type) {
    return References.find(components.getSchemas(), type.getSchema().getRef());
  }
}
