package io.yima.gateway;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yima.security.GatewaySignIn;
import io.yima.wechat.ApplicationStatus;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Answers as WeChat spells them, as JSON text. */
final class WeChatAnswers {

  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,17}");

  private WeChatAnswers() {}

  /** As [DEV-AT] has it. */
  static String token(GatewaySignIn.Issued issued) {
    return JsonNodeFactory.instance
        .objectNode()
        .put("access_token", issued.token().reveal())
        .put("expires_in", issued.life().toSeconds())
        .toString();
  }

  /** As [M1] has it. */
  static String applied(long applicationId) {
    return ok().put("application_id", applicationId).toString();
  }

  /** As [M4] has it. */
  static String done() {
    return ok().toString();
  }

  /** As [M2] has it. */
  static String status(ApplicationStatus status) {
    ObjectNode answer = ok().put("status", status.status());
    if (status.applicationId() != null) {
      answer.put("application_id", status.applicationId());
    }
    if (status.isvApplicationId() != null) {
      answer.put("isv_application_id", status.isvApplicationId());
    }
    ArrayNode ranges = answer.putArray("code_generate_list");
    for (ApplicationStatus.CodeRange range : status.codeGenerateList()) {
      ranges.addObject().put("code_start", range.codeStart()).put("code_end", range.codeEnd());
    }
    putTime(answer, "create_time", status.createTime());
    putTime(answer, "update_time", status.updateTime());
    return answer.toString();
  }

  private static void putTime(ObjectNode answer, String name, @Nullable String time) {
    if (time != null && NUMBER.matcher(time).matches()) {
      answer.put(name, Long.parseLong(time));
    } else if (time != null) {
      answer.put(name, time);
    }
  }

  private static ObjectNode ok() {
    return JsonNodeFactory.instance.objectNode().put("errcode", 0).put("errmsg", "ok");
  }
}
