package io.yima.readiness;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.yima.api.WeChatView;
import io.yima.authorizer.AuthorizationLinkResource.LinkView;
import io.yima.wechat.Remedy;
import io.yima.wechat.WeChatError;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** Whether a merchant can be served, in answers. */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(name = "Readiness", description = "What has to be right before a merchant can be served.")
record ReadinessView(
    @Schema(description = "The merchant.", examples = "wxdemo00merchant01") String authorizerAppid,
    @Schema(
            description =
                "Whether codes can be ordered. true: every item but code_key is ok. false: one is not. null: none is wrong, but not all is known.",
            examples = "true")
        @Nullable Boolean ready,
    @Schema(description = "Whether WeChat was asked just now.", examples = "false") boolean live,
    @Schema(description = "When.", examples = "2026-09-27T02:03:04.567890Z") Instant checkedAt,
    @Schema(description = "Every item of the checklist, in the order in which to mend them.")
        List<ItemView> items) {

  ReadinessView {
    items = List.copyOf(items);
  }

  /** One item. */
  @JsonNaming(SnakeCaseStrategy.class)
  @Schema(name = "ReadinessItem", description = "One item of the checklist.")
  record ItemView(
      @Schema(
              description =
                  "platform: the app's ticket, token and address. authorization: it holds. service_account: it is one. account_status: neither banned nor frozen. permission_set: 46 is granted. token: it is valid and renewed. feature: the account has 微信一物一码 opened. quota: something is left of the day's for orders. code_key: the key that opens downloaded codes is stored, and opens them.",
              examples = "permission_set",
              enumeration = {
                "platform",
                "authorization",
                "service_account",
                "account_status",
                "permission_set",
                "token",
                "feature",
                "quota",
                "code_key"
              })
          ReadinessItem item,
      @Schema(description = "null: nobody knows.", examples = "true") @Nullable Boolean ok,
      @Schema(description = "More, for people.", examples = "service_type 2")
          @Nullable String detail,
      @Nullable Remedy remedy,
      @Schema(description = "WeChat's words, where they are the reason.")
          @Nullable WeChatView wechat,
      @Schema(
              description = "The address that WeChat saw the call come from, where it told.",
              examples = "203.0.113.7")
          @Nullable String addressSeen,
      @Schema(
              description =
                  "A link to send to the merchant, where a new authorization helps; only to keys with the scope write.")
          @Nullable LinkView authorizationLink) {

    static ItemView of(ReadinessCheck check, @Nullable LinkView link) {
      WeChatError wechat = check.wechat();
      return new ItemView(
          check.item(),
          check.ok(),
          check.detail(),
          check.remedy(),
          wechat == null ? null : WeChatView.of(wechat),
          wechat == null ? null : WeChatError.addressSeen(wechat.errmsg()).orElse(null),
          link);
    }
  }

  /** Of what an order needs: one that is wrong outweighs one that nobody knows about. */
  static @Nullable Boolean ready(List<ReadinessCheck> checks) {
    List<ReadinessCheck> needed =
        checks.stream().filter(check -> check.item().neededToOrder()).toList();
    if (needed.stream().anyMatch(check -> Boolean.FALSE.equals(check.ok()))) {
      return false;
    }
    return needed.stream().map(ReadinessCheck::ok).anyMatch(Objects::isNull) ? null : true;
  }
}
