package io.yima.lookups;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.yima.api.FieldError;
import io.yima.api.TextRules;
import io.yima.codes.ApplicationKey;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of a look-up: one way of naming a code. */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(
    name = "CodeLookup",
    description =
        "Which code: code_index with isv_application_id or application_id, or code alone, or code_url alone.",
    examples = "{\"code\": \"044GZ*J10\"}")
record LookupRequest(
    @Schema(description = "The caller's id of the application.", examples = "spring-tea-1")
        @Nullable String isvApplicationId,
    @Schema(
            description = "WeChat's number of it, also of one that was not ordered here.",
            examples = "581865877",
            minimum = "1")
        @Nullable Long applicationId,
    @Schema(description = "The code's place in its batch, from 0.", examples = "0", minimum = "0")
        @Nullable Long codeIndex,
    @Schema(
            description = "The raw code: nine characters.",
            examples = "044GZ*J10",
            minLength = 1,
            maxLength = 16)
        @Nullable String code,
    @Schema(
            description = "What is printed, without a scheme.",
            examples = "P.URL.CN/0U.JYJXP3HJI2C98A9O",
            minLength = 1,
            maxLength = 128)
        @Nullable String codeUrl) {

  private static final int LONGEST_CODE = 16;
  private static final int LONGEST_URL = 128;

  /** All rules that the fields break. */
  List<FieldError> broken() {
    List<FieldError> errors = new ArrayList<>();
    int ways = ways();
    if (ways == 0) {
      errors.add(new FieldError("code_index", "one of code_index, code and code_url is required"));
    } else if (ways > 1) {
      errors.add(
          new FieldError("code_index", "only one of code_index, code and code_url may be given"));
    }
    boolean named = isvApplicationId != null || applicationId != null;
    if (codeIndex == null && named) {
      errors.add(new FieldError("code_index", "is required with an application's id"));
    } else if (codeIndex != null && !named) {
      errors.add(
          new FieldError("isv_application_id", "it or application_id is required with code_index"));
    }
    if (isvApplicationId != null && applicationId != null) {
      errors.add(new FieldError("application_id", "must not stand beside isv_application_id"));
    }
    if (codeIndex != null && codeIndex < 0) {
      errors.add(new FieldError("code_index", "must not be negative"));
    }
    if (applicationId != null && applicationId < 1) {
      errors.add(new FieldError("application_id", "must be positive"));
    }
    if (isvApplicationId != null && !ApplicationKey.isId(isvApplicationId)) {
      errors.add(new FieldError("isv_application_id", "is no application's id"));
    }
    text("code", code, LONGEST_CODE, errors);
    text("code_url", codeUrl, LONGEST_URL, errors);
    return errors;
  }

  private int ways() {
    return (codeIndex == null ? 0 : 1) + (code == null ? 0 : 1) + (codeUrl == null ? 0 : 1);
  }

  static void text(String field, @Nullable String text, int longest, List<FieldError> errors) {
    if (text != null
        && (text.isBlank()
            || text.codePointCount(0, text.length()) > longest
            || !TextRules.isPlain(text))) {
      errors.add(
          new FieldError(
              field,
              "must have 1 to " + longest + " characters, none of them a control character"));
    }
  }
}
