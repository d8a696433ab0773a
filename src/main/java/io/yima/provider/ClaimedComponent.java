package io.yima.provider;

import io.yima.secrets.Secret;
import io.yima.tenancy.ProviderId;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A component row that this node alone may fetch a token for, until its lease runs out. Secrets
 * that do not open are absent.
 */
record ClaimedComponent(
    ProviderId provider,
    String componentAppid,
    long generation,
    @Nullable Secret appsecret,
    @Nullable Secret ticket,
    @Nullable Instant ticketReceivedAt,
    int attempts) {

  /** The ticket, if WeChat still takes it. */
  @Nullable Secret usableTicket(Instant now) {
    return ticketReceivedAt != null && TicketTimes.isUsable(ticketReceivedAt, now) ? ticket : null;
  }
}
