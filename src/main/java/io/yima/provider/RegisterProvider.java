package io.yima.provider;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The body of a registration, before it is checked. */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(description = "The component app, as WeChat's console shows it.")
record RegisterProvider(
    @Schema(
            description = "The platform's appid.",
            examples = "wxa1b2c3d4e5f60718",
            required = true,
            pattern = ProviderRules.APPID)
        @Nullable String componentAppid,
    @Schema(
            description = "What merchants are shown; not only blanks, no control characters.",
            examples = "Tea House Codes",
            required = true,
            minLength = 1,
            maxLength = 100)
        @Nullable String name,
    @Schema(
            description = "The platform's secret; sealed, never answered.",
            examples = "5f2d0c6b8e9a4713a1b2c3d4e5f60718",
            required = true,
            pattern = ProviderRules.SECRET)
        @Nullable String componentAppsecret,
    @Schema(
            description = "The token that signs WeChat's pushes; sealed, never answered.",
            examples = "yimaMessageToken",
            required = true,
            pattern = ProviderRules.SECRET)
        @Nullable String messageToken,
    @Schema(
            description = "The key that encrypts WeChat's pushes; sealed, never answered.",
            examples = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
            required = true,
            pattern = ProviderRules.AES_KEY)
        @Nullable String encodingAesKey,
    @Schema(
            description =
                "Where merchants' browsers go after authorizing; a page of Yima when left out.",
            examples = "https://erp.example.com/wechat/done",
            format = "uri",
            maxLength = 2048)
        @Nullable String returnUrl) {

  /** Names no secret. */
  @Override
  public String toString() {
    return "RegisterProvider[" + componentAppid + "]";
  }
}
