package io.yima.activations;

import io.yima.activations.CodeActivation.Wish;
import io.yima.api.FieldError;
import io.yima.api.TextRules;
import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.wechat.CodeBinding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an activation must be like before anything is stored or sent [M4]. How long texts may be, no
 * page says; WeChat is free to refuse what passes here.
 */
final class ActivationRules {

  private static final long MOST_CODES = 20_000_000;
  private static final int LONGEST_TEXT = 128;
  private static final int LONGEST_PATH = 500;

  private final ActivationRequest request;
  private final List<FieldError> errors = new ArrayList<>();

  private ActivationRules(ActivationRequest request) {
    this.request = request;
  }

  /** All rules that the fields break. */
  static List<FieldError> broken(ActivationRequest request) {
    ActivationRules rules = new ActivationRules(request);
    rules.check();
    return rules.errors;
  }

  /** What the request wants; only for one that breaks no rule. */
  static Wish wish(
      ActivationRequest request, String requestedBy, @Nullable String actor, Instant now) {
    CodeBinding binding =
        new CodeBinding(
            Objects.requireNonNull(request.activityName()),
            Objects.requireNonNull(request.productBrand()),
            Objects.requireNonNull(request.productTitle()),
            Objects.requireNonNull(request.productCode()),
            Objects.requireNonNull(request.wxaAppid()),
            Objects.requireNonNull(request.wxaPath()),
            request.wxaType() == null ? 0 : request.wxaType().intValue());
    CodeRange range =
        new CodeRange(
            Objects.requireNonNull(request.codeStart()), Objects.requireNonNull(request.codeEnd()));
    return new Wish(
        binding, range, Boolean.TRUE.equals(request.replace()), requestedBy, actor, now);
  }

  private void check() {
    text("activity_name", request.activityName(), LONGEST_TEXT);
    text("product_brand", request.productBrand(), LONGEST_TEXT);
    text("product_title", request.productTitle(), LONGEST_TEXT);
    barCode(request.productCode());
    miniProgram(request.wxaAppid());
    text("wxa_path", request.wxaPath(), LONGEST_PATH);
    Long type = request.wxaType();
    if (type != null && (type < 0 || type > 2)) {
      add("wxa_type", "must be 0, 1 or 2");
    }
    index("code_start", request.codeStart());
    index("code_end", request.codeEnd());
    if (request.codeStart() != null
        && request.codeEnd() != null
        && request.codeEnd() < request.codeStart()) {
      add("code_end", "must not be less than code_start");
    }
  }

  private void text(String field, @Nullable String text, int longest) {
    if (text == null || text.isBlank()) {
      add(field, "is required");
    } else if (text.codePointCount(0, text.length()) > longest) {
      add(field, "must have at most " + longest + " characters");
    } else if (!TextRules.isPlain(text)) {
      add(field, "must not contain control characters or broken surrogates");
    }
  }

  private void barCode(@Nullable String code) {
    if (code == null) {
      add("product_code", "is required");
    } else if (!BarCode.hasLength(code)) {
      add("product_code", "must be an EAN-8 or EAN-13 bar code: 8 or 13 digits");
    } else if (!BarCode.checks(code)) {
      add("product_code", "has a wrong check digit: the last digit does not fit the others");
    }
  }

  private void miniProgram(@Nullable String appid) {
    if (appid == null) {
      add("wxa_appid", "is required");
    } else if (!AuthorizerId.isAppid(appid)) {
      add("wxa_appid", "must be the appid of a mini program");
    }
  }

  private void index(String field, @Nullable Long index) {
    if (index == null) {
      add(field, "is required");
    } else if (index < 0 || index >= MOST_CODES) {
      add(field, "must be between 0 and 19999999");
    }
  }

  private void add(String field, String message) {
    errors.add(new FieldError(field, message));
  }
}
