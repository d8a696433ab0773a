package io.yima.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.quarkiverse.resteasy.problem.HttpProblem;
import java.util.List;

/** What is wrong with a request's JSON, without repeating any of its values. */
final class JsonProblems {

  private JsonProblems() {}

  static HttpProblem of(JsonProcessingException e) {
    return switch (e) {
      case UnrecognizedPropertyException unknown ->
          problem("unknown_field", "A field is unknown.", unknown, "is unknown");
      case MismatchedInputException mismatch when mismatch.getPath().isEmpty() ->
          Problems.of(400, "invalid_json", "The body is not the JSON object that is asked for.");
      case MismatchedInputException mismatch ->
          problem("invalid_type", "A field has the wrong type.", mismatch, "has the wrong type");
      case JsonMappingException outOfRange
          when outOfRange.getCause() instanceof InputCoercionException ->
          problem("invalid_type", "A field has the wrong type.", outOfRange, "is out of range");
      default -> Problems.of(400, "invalid_json", "The body is not valid JSON.");
    };
  }

  private static HttpProblem problem(
      String code, String detail, JsonMappingException e, String message) {
    List<FieldError> errors = List.of(new FieldError(field(e.getPath()), message));
    return HttpProblem.builder(Problems.of(400, code, detail)).with("errors", errors).build();
  }

  private static String field(List<JsonMappingException.Reference> path) {
    StringBuilder field = new StringBuilder();
    for (JsonMappingException.Reference reference : path) {
      if (reference.getFieldName() == null) {
        field.append('[').append(reference.getIndex()).append(']');
      } else {
        field.append(field.isEmpty() ? "" : ".").append(reference.getFieldName());
      }
    }
    return field.toString();
  }
}
