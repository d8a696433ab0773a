package io.yima.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkiverse.resteasy.problem.validation.Violation;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** Violations of Bean Validation as 422, with the fields' JSON names. */
final class Violations {

  private Violations() {}

  static HttpProblem problem(HttpProblem problem) {
    Object violations = problem.getParameters().get("violations");
    List<FieldError> errors =
        violations instanceof List<?> list
            ? list.stream()
                .filter(Violation.class::isInstance)
                .map(Violation.class::cast)
                .map(violation -> new FieldError(jsonName(violation.field), violation.message))
                .sorted(Comparator.comparing(FieldError::field))
                .toList()
            : List.of();
    boolean noBody = errors.stream().anyMatch(error -> error.field().isEmpty());
    return noBody
        ? Problems.of(400, "body_required", "A JSON object is asked for as the body.")
        : Problems.invalid(errors);
  }

  /** {@code items[0].codeCount} is called {@code items[0].code_count} in JSON. */
  static String jsonName(String path) {
    return path.replaceAll("\\.?<[^>]*>", "")
        .replaceAll("([a-z0-9])([A-Z])", "$1_$2")
        .toLowerCase(Locale.ROOT);
  }
}
