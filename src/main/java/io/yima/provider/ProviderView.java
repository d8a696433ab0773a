package io.yima.provider;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.yima.api.PublicAddress;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A provider as operators see it. */
@JsonNaming(SnakeCaseStrategy.class)
record ProviderView(
    String componentAppid,
    String name,
    Provider.Status status,
    @Nullable String returnUrl,
    CallbackUrls callbackUrls,
    Instant createdAt,
    @Nullable Instant archivedAt,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String warning) {

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
