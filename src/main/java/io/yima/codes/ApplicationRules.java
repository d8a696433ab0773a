package io.yima.codes;

import io.yima.api.FieldError;
import io.yima.api.TextRules;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What an order must be like before anything is stored or sent [M1]. */
final class ApplicationRules {

  private static final long FEWEST_CODES = 10_000;
  private static final long MOST_CODES = 20_000_000;
  private static final long STEP = 10_000;
  private static final int LONGEST_ID = 128;
  private static final int LONGEST_LABEL = 200;

  private ApplicationRules() {}

  /** All rules that the fields break; an absent id is not looked at here. */
  static List<FieldError> broken(
      @Nullable Long codeCount, @Nullable String isvApplicationId, @Nullable String label) {
    List<FieldError> errors = new ArrayList<>();
    checkCodeCount(codeCount, errors);
    if (isvApplicationId != null) {
      checkId(isvApplicationId, errors);
    }
    if (label != null) {
      checkLabel(label, errors);
    }
    return errors;
  }

  /** Whether a text can be the id of an application at all. */
  static boolean isId(String text) {
    List<FieldError> errors = new ArrayList<>();
    checkId(text, errors);
    return errors.isEmpty();
  }

  private static void checkCodeCount(@Nullable Long codeCount, List<FieldError> errors) {
    if (codeCount == null) {
      errors.add(new FieldError("code_count", "is required"));
    } else if (codeCount < FEWEST_CODES || codeCount > MOST_CODES || codeCount % STEP != 0) {
      errors.add(
          new FieldError("code_count", "must be a multiple of 10000 between 10000 and 20000000"));
    }
  }

  private static void checkId(String id, List<FieldError> errors) {
    int length = id.codePointCount(0, id.length());
    if (length < 1 || length > LONGEST_ID) {
      errors.add(new FieldError("isv_application_id", "must have 1 to 128 characters"));
    } else if (!TextRules.isPlain(id)) {
      errors.add(
          new FieldError(
              "isv_application_id", "must not contain control characters or broken surrogates"));
    } else if (isBlank(id.codePointAt(0)) || isBlank(id.codePointBefore(id.length()))) {
      errors.add(new FieldError("isv_application_id", "must not begin or end with a blank"));
    } else if (id.equals(".") || id.equals("..")) {
      // As the last part of an address it would mean another address.
      errors.add(new FieldError("isv_application_id", "must not be '.' or '..'"));
    }
  }

  private static void checkLabel(String label, List<FieldError> errors) {
    if (label.codePointCount(0, label.length()) > LONGEST_LABEL) {
      errors.add(new FieldError("label", "must have at most 200 characters"));
    } else if (!TextRules.isPlain(label)) {
      errors.add(
          new FieldError("label", "must not contain control characters or broken surrogates"));
    }
  }

  private static boolean isBlank(int point) {
    return Character.isWhitespace(point) || Character.isSpaceChar(point);
  }
}
