package io.yima.provider;

import io.yima.secrets.Sealer;
import io.yima.secrets.Secret;
import io.yima.tenancy.ProviderEntry;
import io.yima.tenancy.ProviderId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.MessageCrypto;
import io.yima.work.WorkLoops;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;

/** What callbacks need of a component app. */
@ApplicationScoped
public class Components {

  private static final String KEYS =
      """
      select message_token, encoding_aes_key, previous_encoding_aes_key
      from component where provider_id = ?
      """;
  private static final String TICKET_RECEIVED_AT =
      "select verify_ticket_received_at from component where provider_id = ?";
  private static final String RETURN_URL = "select return_url from component where provider_id = ?";

  private final ProviderTransactions transactions;
  private final TicketRows tickets;
  private final Sealer sealer;
  private final WorkLoops loops;
  private final Clock clock;

  Components(
      ProviderTransactions transactions,
      TicketRows tickets,
      Sealer sealer,
      WorkLoops loops,
      Clock clock) {
    this.transactions = transactions;
    this.tickets = tickets;
    this.sealer = sealer;
    this.loops = loops;
    this.clock = clock;
  }

  /** The app's message encryption, with the current and the former key. */
  public MessageCrypto messageCrypto(ProviderEntry provider) {
    return transactions.withConnection(
        provider.id(),
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(KEYS)) {
            select.setObject(1, provider.id().value());
            try (ResultSet row = select.executeQuery()) {
              row.next();
              return crypto(provider, row);
            }
          }
        });
  }

  /** Keeps a verify ticket if it is newer, by WeChat's CreateTime, than the one held. */
  public void ticketReceived(ProviderId provider, Secret ticket, long createTime) {
    if (tickets.keep(provider, ticket, createTime, clock.instant())) {
      loops.wake(ComponentTokenWork.KIND);
    }
  }

  /** When WeChat last pushed a ticket; empty when it never did. */
  public Optional<Instant> ticketReceivedAt(ProviderId provider) {
    return transactions.withConnection(
        provider,
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(TICKET_RECEIVED_AT)) {
            select.setObject(1, provider.value());
            try (ResultSet row = select.executeQuery()) {
              return row.next()
                  ? Optional.ofNullable(ComponentRows.instant(row, "verify_ticket_received_at"))
                  : Optional.empty();
            }
          }
        });
  }

  /** Where the merchant's browser goes after authorizing, unless the link says otherwise. */
  public Optional<String> returnUrl(ProviderId provider) {
    return transactions.withConnection(
        provider,
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(RETURN_URL)) {
            select.setObject(1, provider.value());
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
            }
          }
        });
  }

  private MessageCrypto crypto(ProviderEntry provider, ResultSet row) throws SQLException {
    ProviderId id = provider.id();
    return new MessageCrypto(
        provider.componentAppid(),
        sealer.open(ComponentPlaces.messageToken(id), row.getBytes("message_token")),
        sealer.open(ComponentPlaces.encodingAesKey(id), row.getBytes("encoding_aes_key")),
        sealer.openNullable(
            ComponentPlaces.encodingAesKey(id), row.getBytes("previous_encoding_aes_key")));
  }
}
