package io.yima.quota;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.yima.api.WeChatView;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** What is left of a merchant's daily quotas, in answers. */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(name = "Quota", description = "A merchant's daily quotas of the marketing-code interfaces.")
record QuotaView(
    @Schema(description = "The merchant.", examples = "wxdemo00merchant01") String authorizerAppid,
    @Schema(
            description = "The day in Shanghai, at whose end quotas begin anew.",
            examples = "2026-09-27")
        LocalDate day,
    @Schema(description = "One entry an interface.") List<ApiView> apis) {

  QuotaView {
    apis = List.copyOf(apis);
  }

  /** One interface's. */
  @JsonNaming(SnakeCaseStrategy.class)
  @Schema(name = "ApiQuota", description = "The daily quota of one interface.")
  record ApiView(
      @Schema(
              description = "The interface's path at WeChat.",
              examples = "/intp/marketcode/applycode")
          String cgiPath,
      @Schema(
              description =
                  "Our calls that day, counted before they were made: it may be more than were, never fewer.",
              examples = "12")
          long calls,
      @Schema(
              description = "Until when the day's quota is used up; null when it is not.",
              examples = "2026-09-27T16:00:00Z")
          @Nullable Instant parkedUntil,
      @Schema(
              description =
                  "Until when calls that nobody waits for pause because WeChat found them too frequent; null when they do not.",
              examples = "2026-09-27T02:03:34Z")
          @Nullable Instant slowedUntil,
      @Schema(
              description = "WeChat's: how many calls a day, whoever makes them.",
              examples = "100000")
          @Nullable Long dailyLimit,
      @Schema(description = "WeChat's: how many were made.", examples = "12") @Nullable Long used,
      @Schema(description = "WeChat's: how many are left.", examples = "99988")
          @Nullable Long remain,
      @Schema(description = "WeChat's words where it refuses to tell; else null.")
          @Nullable WeChatView wechat) {}
}
