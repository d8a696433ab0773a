package io.yima.provider;

import io.yima.work.LastError;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How a component app's ticket and token stand; holds neither. */
record ComponentState(
    @Nullable String returnUrl,
    @Nullable Instant ticketReceivedAt,
    @Nullable Instant pushRequestedAt,
    @Nullable LastError pushError,
    @Nullable Instant expiresAt,
    @Nullable Instant refreshedAt,
    @Nullable Instant nextRefreshAt,
    @Nullable Instant rejectedAt,
    int attempts,
    @Nullable LastError lastError) {

  enum Ticket {
    NONE,
    FRESH,
    OLD,
    EXPIRED
  }

  enum Token {
    NONE,
    FRESH,
    DUE,
    FAILING
  }

  Ticket ticket(Instant now) {
    if (ticketReceivedAt == null) {
      return Ticket.NONE;
    }
    if (!TicketTimes.isUsable(ticketReceivedAt, now)) {
      return Ticket.EXPIRED;
    }
    return now.isBefore(TicketTimes.checkAfter(ticketReceivedAt)) ? Ticket.FRESH : Ticket.OLD;
  }

  Token token(Instant now) {
    if (attempts > 0) {
      return Token.FAILING;
    }
    if (expiresAt == null) {
      return Token.NONE;
    }
    boolean fresh = now.isBefore(expiresAt) && nextRefreshAt != null && now.isBefore(nextRefreshAt);
    return fresh ? Token.FRESH : Token.DUE;
  }
}
