package io.yima.provider;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.yima.api.PublicAddress;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A provider as operators see it. */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(name = "Provider", description = "A provider, as operators see it.")
record ProviderView(
    @Schema(description = "The component app's appid.", examples = "wxa1b2c3d4e5f60718")
        String componentAppid,
    @Schema(description = "What merchants are shown.", examples = "Tea House Codes") String name,
    @Schema(
            description = "ARCHIVED: its keys do not work, nothing is refreshed.",
            examples = "ACTIVE")
        Provider.Status status,
    @Schema(
            description =
                "Where merchants' browsers go after authorizing; null: to a page of Yima.",
            examples = "https://erp.example.com/wechat/done")
        @Nullable String returnUrl,
    CallbackUrls callbackUrls,
    @Schema(description = "When it was registered.", examples = "2026-09-27T02:03:04.567890Z")
        Instant createdAt,
    @Schema(description = "When it was archived.", examples = "2026-09-27T02:03:04.567890Z")
        @Nullable Instant archivedAt,
    @JsonInclude(JsonInclude.Include.NON_NULL)
        @Schema(
            description =
                "What to mind before entering the addresses; only in the answer to a registration.",
            examples = "Use a test app, or move over for good.")
        @Nullable String warning) {

  private static final String LIVE_APP =
      "Entering these addresses in WeChat's console takes over the app's ticket. If this app is"
          + " live in another system, that system gets no more tickets, and the first component"
          + " token fetched here makes its own void. Use a test app, or move over for good.";

  static ProviderView of(ProviderRecord provider, PublicAddress address) {
    return view(provider, address, null);
  }

  static ProviderView registered(ProviderRecord provider, PublicAddress address) {
    return view(provider, address, LIVE_APP);
  }

  private static ProviderView view(
      ProviderRecord provider, PublicAddress address, @Nullable String warning) {
    return new ProviderView(
        provider.componentAppid(),
        provider.name(),
        provider.status(),
        provider.returnUrl(),
        CallbackUrls.of(address, provider.componentAppid()),
        provider.createdAt(),
        provider.archivedAt(),
        warning);
  }
}
