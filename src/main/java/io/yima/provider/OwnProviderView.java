package io.yima.provider;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.yima.api.PublicAddress;
import io.yima.tenancy.ProviderEntry;
import io.yima.work.LastError;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A provider as its own system sees it. */
@JsonNaming(SnakeCaseStrategy.class)
record OwnProviderView(
    String componentAppid,
    String name,
    Provider.Status status,
    @Nullable String returnUrl,
    CallbackUrls callbackUrls,
    TicketView ticket,
    TokenView componentToken) {

  /** The verify ticket's state. */
  @JsonNaming(SnakeCaseStrategy.class)
  record TicketView(
      ComponentState.Ticket state,
      @Nullable Instant receivedAt,
      @Nullable Long ageSeconds,
      @Nullable Instant pushRequestedAt,
      @Nullable LastError lastError) {}

  /** The component token's state. */
  @JsonNaming(SnakeCaseStrategy.class)
  record TokenView(
      ComponentState.Token state,
      @Nullable Instant expiresAt,
      @Nullable Instant refreshedAt,
      @Nullable Instant nextRefreshAt,
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
            state.attempts(),
            state.lastError()));
  }

  private static TicketView ticket(ComponentState state, Instant now) {
    Instant receivedAt = state.ticketReceivedAt();
    return new TicketView(
        state.ticket(now),
        receivedAt,
        receivedAt == null ? null : Math.max(0, Duration.between(receivedAt, now).toSeconds()),
        state.pushRequestedAt(),
        state.pushError());
  }
}
