package io.yima.api;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/**
 * A rule that a field of a request breaks; the field by its JSON name.
 *
 * @param code the stable word of a problem that the field alone would have been; mostly there is
 *     none
 */
public record FieldError(
    String field,
    String message,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String code) {

  public FieldError(String field, String message) {
    this(field, message, null);
  }
}
