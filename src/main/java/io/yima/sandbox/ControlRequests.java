package io.yima.sandbox;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What the control interface takes: absent means the default, unknown fields are refused. */
final class ControlRequests {

  private ControlRequests() {}

  record RegisterPlatform(
      @Nullable String componentAppid,
      @Nullable String componentAppsecret,
      @Nullable String messageToken,
      @Nullable String encodingAesKey,
      @Nullable String callbackBase,
      @Nullable String callbackPath) {}

  record RegisterAccount(
      @Nullable String appid,
      @Nullable String nickName,
      @Nullable String principalName,
      @Nullable String headImg,
      @Nullable String userName,
      @Nullable Integer serviceType,
      @Nullable Integer verifyType,
      @Nullable Integer accountStatus,
      @Nullable Boolean miniProgram,
      @Nullable List<String> features,
      @Nullable String codeKey) {}

  record Authorize(
      @Nullable String componentAppid,
      @Nullable List<Integer> permissionSets,
      @Nullable Boolean push) {}

  record Unauthorize(@Nullable String componentAppid, @Nullable Boolean push) {}

  record PushTicket(@Nullable Boolean pushing) {}

  record CheckRelease(@Nullable String appid) {}

  record MoveClock(@Nullable Duration advance) {}

  record ScriptApplication(@Nullable String status, @Nullable JsonNode answer) {}

  record RegisterBarCode(@Nullable String productCode, @Nullable Boolean registered) {}

  record Scan(@Nullable Long applicationId, @Nullable Long codeIndex, @Nullable String openid) {}

  static String required(@Nullable String value, String field) {
    if (value == null || value.isBlank()) {
      throw new BadControl(field + " is required");
    }
    return value;
  }
}
