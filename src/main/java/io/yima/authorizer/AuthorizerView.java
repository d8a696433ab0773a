package io.yima.authorizer;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A merchant in the API's answers. */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(name = "Authorizer", description = "A merchant.")
record AuthorizerView(
    @Schema(description = "The account's appid.", examples = "wxdemo00merchant01")
        String authorizerAppid,
    @Schema(description = "The account's name; null until WeChat told it.", examples = "春山茶铺")
        @Nullable String nickName,
    @Schema(description = "The company behind it.", examples = "春山茶业有限公司")
        @Nullable String principalName,
    @Schema(
            description = "WeChat's service_type_info: 2 is a service account (服务号).",
            examples = "2")
        @Nullable Integer serviceType,
    @Schema(
            description =
                "ACTIVE, withdrawn by the merchant, or without a refresh token that works.",
            examples = "ACTIVE")
        AuthorizerStatus status,
    @Schema(description = "What the merchant granted.") List<PermissionSet> permissionSets,
    @Schema(
            description =
                "Whether codes can be ordered: ACTIVE, permission set 46, and a service account.",
            examples = "true")
        boolean marketingCodes,
    TokenState token,
    @Schema(
            description = "When the merchant authorized last.",
            examples = "2026-09-27T02:03:04.567890Z")
        Instant authorizedAt,
    @Schema(description = "When the merchant withdrew.", examples = "2026-09-27T02:03:04.567890Z")
        @Nullable Instant revokedAt) {

  /** A right that the merchant granted; the name is null where we do not know it. */
  @Schema(description = "A permission set (权限集).")
  record PermissionSet(
      @Schema(description = "WeChat's number.", examples = "46") int id,
      @Schema(description = "Its name; null where Yima does not know it.", examples = "微信一物一码")
          @Nullable String name) {
    static PermissionSet of(int id) {
      return new PermissionSet(id, PermissionSets.name(id).orElse(null));
    }
  }
}
