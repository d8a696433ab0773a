package io.yima.callback;

import io.yima.database.Ids;
import io.yima.secrets.Sealer;
import io.yima.secrets.Secret;
import io.yima.secrets.SecretPlace;
import io.yima.secrets.Sha256;
import io.yima.tenancy.ProviderId;
import io.yima.tenancy.ProviderTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Optional;
import java.util.UUID;

/** Where pushes are kept until they are handled; in transactions of the provider they are for. */
@ApplicationScoped
class Inbox {

  // A push that WeChat repeats is the one we have.
  private static final String STORE =
      """
      insert into callback_inbox (id, provider_id, received_at, kind, appid, create_time,
        body_sha256, body, code_sha256, next_attempt_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      on conflict (provider_id, body_sha256) do nothing
      """;

  private static final String OWNER_OF_CODE =
      "select appid from callback_inbox where provider_id = ? and code_sha256 = ?";

  /** How far WeChat's clock may be ahead of ours. */
  private static final Duration FORESEEN = Duration.ofDays(1);

  private final ProviderTransactions transactions;
  private final Sealer sealer;
  private final Clock clock;

  Inbox(ProviderTransactions transactions, Sealer sealer, Clock clock) {
    this.transactions = transactions;
    this.sealer = sealer;
    this.clock = clock;
  }

  static SecretPlace place(ProviderId provider, UUID id) {
    return new SecretPlace("callback.body", provider.value(), id.toString());
  }

  /** Returns once the push is committed, and since when; empty when it was there already. */
  Optional<Instant> store(ProviderId provider, ReceivedPush push) {
    Instant now = clock.instant();
    int stored =
        transactions.withConnection(
            provider, connection -> insert(connection, provider, push, now));
    return stored == 1 ? Optional.of(now) : Optional.empty();
  }

  /** The merchant whose authorization code a pushed event carried. */
  Optional<String> ownerOfCode(ProviderId provider, Secret authorizationCode) {
    return transactions.withConnection(
        provider,
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(OWNER_OF_CODE)) {
            select.setObject(1, provider.value());
            select.setBytes(2, Sha256.of(authorizationCode.reveal()));
            try (ResultSet row = select.executeQuery()) {
              return row.next() ? Optional.ofNullable(row.getString(1)) : Optional.empty();
            }
          }
        });
  }

  private int insert(Connection connection, ProviderId provider, ReceivedPush push, Instant now)
      throws SQLException {
    UUID id = Ids.next();
    Secret code = push.authorizationCode();
    try (PreparedStatement insert = connection.prepareStatement(STORE)) {
      insert.setObject(1, id);
      insert.setObject(2, provider.value());
      insert.setObject(3, now.atOffset(ZoneOffset.UTC));
      insert.setString(4, push.kind());
      insert.setString(5, push.appid());
      insert.setLong(6, created(push, now));
      insert.setBytes(7, fingerprint(push));
      insert.setBytes(8, sealer.seal(place(provider, id), push.xml()));
      insert.setObject(9, code == null ? null : Sha256.of(code.reveal()), Types.BINARY);
      insert.setObject(10, now.atOffset(ZoneOffset.UTC));
      return insert.executeUpdate();
    }
  }

  /**
   * WeChat's time, if it can be one. A time far ahead would make everything that follows look late:
   * tickets, withdrawals.
   */
  private static long created(ReceivedPush push, Instant now) {
    Long createTime = push.createTime();
    long latest = now.plus(FORESEEN).getEpochSecond();
    return createTime == null || createTime < 0 || createTime > latest
        ? now.getEpochSecond()
        : createTime;
  }

  /**
   * Tells a push from others. No signature covers the address, so an event that somebody sends on
   * to the address of messages must not stand in the way of the event itself.
   */
  private static byte[] fingerprint(ReceivedPush push) {
    return push.kind().equals(PushKind.MESSAGE) || push.kind().equals(PushKind.PROBE)
        ? Sha256.of("messages\n" + push.xml().reveal())
        : Sha256.of(push.xml().reveal());
  }
}
