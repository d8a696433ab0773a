package io.yima.provider;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.yima.api.PublicAddress;
import io.yima.tenancy.ProviderEntry;
import io.yima.work.LastError;
import java.time.Duration;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A provider as its own system sees it. */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(name = "OwnProvider", description = "A provider, as its own system sees it.")
record OwnProviderView(
    @Schema(description = "The component app's appid.", examples = "wxa1b2c3d4e5f60718")
        String componentAppid,
    @Schema(description = "What merchants are shown.", examples = "Tea House Codes") String name,
    @Schema(description = "Whether it is in use.", examples = "ACTIVE") Provider.Status status,
    @Schema(
            description =
                "Where merchants' browsers go after authorizing; null: to a page of Yima.",
            examples = "https://erp.example.com/wechat/done")
        @Nullable String returnUrl,
    CallbackUrls callbackUrls,
    TicketView ticket,
    TokenView componentToken) {

  /** The verify ticket's state. */
  @JsonNaming(SnakeCaseStrategy.class)
  @Schema(
      name = "Ticket",
      description = "The verify ticket, which WeChat pushes every ten minutes.")
  record TicketView(
      @Schema(
              description =
                  "FRESH: as it should be. OLD: no push for longer than usual. EXPIRED or NONE: no token can be fetched.",
              examples = "FRESH")
          ComponentState.Ticket state,
      @Schema(description = "When the last one came.", examples = "2026-09-27T02:03:04.567890Z")
          @Nullable Instant receivedAt,
      @Schema(description = "How old the last one is.", examples = "240", minimum = "0")
          @Nullable Long ageSeconds,
      @Schema(
              description = "Until when tokens can be fetched with it, should no other come.",
              examples = "2026-09-27T14:03:04.567890Z")
          @Nullable Instant usableUntil,
      @Schema(
              description = "When WeChat was last asked to push again.",
              examples = "2026-09-27T02:03:04.567890Z")
          @Nullable Instant pushRequestedAt,
      @Nullable LastError lastError) {}

  /** The component token's state. */
  @JsonNaming(SnakeCaseStrategy.class)
  @Schema(name = "ComponentToken", description = "The component token, without the token.")
  record TokenView(
      @Schema(
              description =
                  "FRESH: valid, not due. DUE: about to be fetched. FAILING: the last attempt failed. NONE: never fetched.",
              examples = "FRESH")
          ComponentState.Token state,
      @Schema(description = "Until when it is valid.", examples = "2026-09-27T02:03:04.567890Z")
          @Nullable Instant expiresAt,
      @Schema(description = "When it was fetched.", examples = "2026-09-27T02:03:04.567890Z")
          @Nullable Instant refreshedAt,
      @Schema(description = "When it is fetched again.", examples = "2026-09-27T02:03:04.567890Z")
          @Nullable Instant nextRefreshAt,
      @Schema(
              description =
                  "When WeChat last refused a token before its end, because another system had fetched one for the same app.",
              examples = "2026-09-27T02:03:04.567890Z")
          @Nullable Instant rejectedAt,
      @Schema(description = "Failed attempts in a row.", examples = "0", minimum = "0")
          int attempts,
      @Nullable LastError lastError) {}

  static OwnProviderView of(
      ProviderEntry provider, ComponentState state, PublicAddress address, Instant now) {
    return new OwnProviderView(
        provider.componentAppid(),
        provider.name(),
        provider.archived() ? Provider.Status.ARCHIVED : Provider.Status.ACTIVE,
        state.returnUrl(),
        CallbackUrls.of(address, provider.componentAppid()),
        ticket(state, now),
        new TokenView(
            state.token(now),
            state.expiresAt(),
            state.refreshedAt(),
            state.nextRefreshAt(),
            state.rejectedAt(),
            state.attempts(),
            state.lastError()));
  }

  private static TicketView ticket(ComponentState state, Instant now) {
    Instant receivedAt = state.ticketReceivedAt();
    return new TicketView(
        state.ticket(now),
        receivedAt,
        receivedAt == null ? null : Math.max(0, Duration.between(receivedAt, now).toSeconds()),
        receivedAt == null ? null : receivedAt.plus(TicketTimes.USABLE),
        state.pushRequestedAt(),
        state.pushError());
  }
}
