package io.yima.api;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import io.quarkiverse.resteasy.problem.HttpProblem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong with a request's JSON, without repeating any of its values. */
final class JsonProblems {

  private static final int LONGEST_FIELD = 200;

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
      case JsonMappingException within when within.getCause() instanceof JsonParseException inner ->
          of(inner);
      case JsonParseException twice when isDuplicate(twice) && twice.getProcessor() != null ->
          problem(
              "duplicate_field",
              "A field is given twice.",
              field(twice.getProcessor().getParsingContext()),
              "is given twice");
      default -> Problems.of(400, "invalid_json", "The body is not valid JSON.");
    };
  }

  /** The parser has no exception of its own for it. */
  private static boolean isDuplicate(JsonParseException e) {
    return e.getOriginalMessage().startsWith("Duplicate field");
  }

  private static HttpProblem problem(
      String code, String detail, JsonMappingException e, String message) {
    return problem(code, detail, field(e.getPath()), message);
  }

  private static HttpProblem problem(String code, String detail, String field, String message) {
    List<FieldError> errors = List.of(new FieldError(shortened(field), message));
    return HttpProblem.builder(Problems.of(400, code, detail)).with("errors", errors).build();
  }

  private static String field(List<JsonMappingException.Reference> path) {
    String field = "";
    for (JsonMappingException.Reference reference : path) {
      field = append(field, reference.getFieldName(), reference.getIndex());
    }
    return field;
  }

  private static String field(@Nullable JsonStreamContext at) {
    if (at == null || at.inRoot()) {
      return "";
    }
    return append(field(at.getParent()), at.getCurrentName(), at.getCurrentIndex());
  }

  private static String append(String field, @Nullable String name, int index) {
    if (name == null) {
      return field + "[" + index + "]";
    }
    return field.isEmpty() ? name : field + "." + name;
  }

  /** A name that a caller made up may be as long as its body. */
  private static String shortened(String field) {
    StringBuilder shortened = new StringBuilder();
    field.codePoints().limit(LONGEST_FIELD).forEach(shortened::appendCodePoint);
    return shortened.toString();
  }
}
