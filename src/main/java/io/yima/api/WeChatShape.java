package io.yima.api;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.quarkiverse.resteasy.problem.HttpProblem;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jboss.logging.MDC;
import org.jspecify.annotations.Nullable;

/**
 * What a problem is to callers at the gateway, who speak WeChat's protocol: an answer of status 200
 * whose {@code errcode} they know. WeChat's own numbers pass unchanged.
 */
final class WeChatShape {

  private static final String FOR = "/gateway/";

  /** WeChat's "system busy", which SDKs try again. */
  private static final int BUSY = -1;

  private static final int BAD_CREDENTIAL = 40001;
  private static final int BAD_VALUE = 40002;
  private static final int NOT_OPEN = 48001;
  private static final int TOO_FAST = 45011;
  private static final int UNREADABLE = 47001;

  /** Numbers as in the table of error numbers [ERR]. */
  private static final Map<String, Integer> BY_CODE =
      Map.ofEntries(
          Map.entry("authorizer_not_found", BAD_CREDENTIAL),
          Map.entry("provider_required", BAD_CREDENTIAL),
          Map.entry("provider_not_found", BAD_CREDENTIAL),
          Map.entry("appid_mismatch", 40013),
          Map.entry("appid_missing", 41002),
          Map.entry("secret_missing", 41004),
          Map.entry("grant_type_unknown", BAD_VALUE),
          Map.entry("isv_application_id_conflict", BAD_VALUE),
          Map.entry("code_application_not_finished", BAD_VALUE),
          Map.entry("activation_overlap", BAD_VALUE),
          Map.entry("activation_replaced", BAD_VALUE),
          Map.entry("post_required", 43002),
          Map.entry("body_required", 44002),
          Map.entry("quota_exhausted", 45009),
          Map.entry("rate_limited", TOO_FAST),
          Map.entry("authorizer_revoked", 61003),
          Map.entry("reauthorization_required", 61003),
          Map.entry("authorization_lost", 61003),
          Map.entry("permission_set_missing", 61007),
          Map.entry("account_type_unsupported", NOT_OPEN));

  private static final Map<Integer, Integer> BY_STATUS =
      Map.ofEntries(
          Map.entry(400, UNREADABLE),
          Map.entry(401, BAD_CREDENTIAL),
          Map.entry(403, BAD_CREDENTIAL),
          Map.entry(404, NOT_OPEN),
          Map.entry(405, 43002),
          Map.entry(413, UNREADABLE),
          Map.entry(414, UNREADABLE),
          Map.entry(415, UNREADABLE),
          Map.entry(422, BAD_VALUE),
          Map.entry(429, TOO_FAST),
          Map.entry(431, UNREADABLE));

  private WeChatShape() {}

  static boolean isFor(@Nullable String path) {
    return path != null && path.startsWith(FOR);
  }

  /** As JSON text, in which our request id stands where WeChat's would. */
  static String of(HttpProblem problem) {
    ObjectNode answer = JsonNodeFactory.instance.objectNode();
    if (problem.getParameters().get("wechat") instanceof WeChatView wechat
        && wechat.errcode() != null
        && problem.getStatusCode() < 500) {
      return answer.put("errcode", wechat.errcode()).put("errmsg", wechat.errmsg()).toString();
    }
    Object id = MDC.get(RequestId.LOG_KEY);
    String words = words(problem);
    return answer
        .put("errcode", errcode(problem))
        .put("errmsg", id == null ? words : words + " rid: " + id)
        .toString();
  }

  private static int errcode(HttpProblem problem) {
    String code = Objects.toString(problem.getParameters().get("code"), "");
    Integer known = BY_CODE.get(code);
    return known == null ? BY_STATUS.getOrDefault(problem.getStatusCode(), BUSY) : known;
  }

  private static String words(HttpProblem problem) {
    if (problem.getParameters().get("errors") instanceof List<?> errors) {
      return errors.stream()
          .filter(FieldError.class::isInstance)
          .map(FieldError.class::cast)
          .map(error -> error.field() + " " + error.message())
          .collect(Collectors.joining("; "));
    }
    return Objects.requireNonNullElse(problem.getDetail(), "system error");
  }
}
