package io.yima.api;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.yima.secrets.Sealer;
import io.yima.tenancy.ProviderTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what requests with an {@code Idempotency-Key} were answered. A row is committed before
 * the work starts and says until when its node may be at it; if the node dies, the next request
 * with that key runs after that time. A run that outlived its time cannot overwrite a later one's
 * answer.
 */
@ApplicationScoped
public class IdempotencyKeys {

  /** What a request that came with a key may do. */
  public sealed interface Claim {

    /** It runs, and is to be ended by {@link #complete} or {@link #release}. */
    record Run(IdempotentRequest request, long generation) implements Claim {}

    /** It was answered before. */
    record Answered(StoredAnswer answer) implements Claim {}
  }

  private static final Logger LOG = Logger.getLogger(IdempotencyKeys.class);

  private static final Duration KEPT = Duration.ofHours(24);

  /** Longer than any request takes: WeChat gets 8 seconds, and a transaction 10. */
  private static final Duration LONGEST_RUN = Duration.ofSeconds(60);

  private static final Duration RETRY_AFTER = Duration.ofSeconds(2);

  /** Takes a key that is new, too old to count, or whose request came to no final answer. */
  private static final String CLAIM =
      """
      insert into idempotency_key as k
        (provider_id, id, fingerprint, generation, running_until, expires_at)
      values (?, ?, ?, 1, now() + ?::interval, ?)
      on conflict (provider_id, id) do update
        set fingerprint = excluded.fingerprint, generation = k.generation + 1, answer = null,
            running_until = excluded.running_until, expires_at = excluded.expires_at
        where k.expires_at <= ?
          or (k.fingerprint = excluded.fingerprint and k.answer is null
              and (k.running_until is null or k.running_until <= now()))
      returning generation
      """;

  private static final String FIND =
      "select fingerprint, answer from idempotency_key where provider_id = ? and id = ?";

  private static final String END =
      """
      update idempotency_key set answer = ?, running_until = null
      where provider_id = ? and id = ? and generation = ?
      """;

  private final ProviderTransactions transactions;
  private final Sealer sealer;
  private final Clock clock;

  IdempotencyKeys(ProviderTransactions transactions, Sealer sealer, Clock clock) {
    this.transactions = transactions;
    this.sealer = sealer;
    this.clock = clock;
  }

  /**
   * Lets one request run. Throws the 422 when the key stood for another request, and the 409 while
   * the first one still runs.
   */
  public Claim claim(IdempotentRequest request) {
    Instant now = clock.instant();
    return transactions.withConnection(
        request.provider(),
        connection -> {
          long generation = claim(connection, request, now);
          return generation > 0 ? new Claim.Run(request, generation) : former(connection, request);
        });
  }

  /** Keeps the answer of a run for its repetitions. */
  public void complete(Claim.Run run, StoredAnswer answer) {
    end(run, sealer.seal(run.request().place(), answer.toSecret()));
  }

  /** Ends a run without a final answer: the next request runs again. */
  public void release(Claim.Run run) {
    end(run, null);
  }

  private static long claim(Connection connection, IdempotentRequest request, Instant now)
      throws SQLException {
    try (PreparedStatement claim = connection.prepareStatement(CLAIM)) {
      claim.setObject(1, request.provider().value());
      claim.setString(2, request.slot());
      claim.setString(3, request.fingerprint());
      claim.setString(4, LONGEST_RUN.toSeconds() + " seconds");
      claim.setObject(5, now.plus(KEPT).atOffset(ZoneOffset.UTC));
      claim.setObject(6, now.atOffset(ZoneOffset.UTC));
      try (ResultSet row = claim.executeQuery()) {
        return row.next() ? row.getLong(1) : 0;
      }
    }
  }

  private Claim former(Connection connection, IdempotentRequest request) throws SQLException {
    try (PreparedStatement find = connection.prepareStatement(FIND)) {
      find.setObject(1, request.provider().value());
      find.setString(2, request.slot());
      try (ResultSet row = find.executeQuery()) {
        if (!row.next()) {
          // It was purged at this moment.
          throw inUse();
        }
        if (!request.fingerprint().equals(row.getString(1))) {
          throw Problems.of(
              422,
              "idempotency_key_reused",
              "This Idempotency-Key stands for another request to this address.");
        }
        byte[] answer = row.getBytes(2);
        if (answer == null) {
          throw inUse();
        }
        return new Claim.Answered(StoredAnswer.of(sealer.open(request.place(), answer)));
      }
    }
  }

  private void end(Claim.Run run, byte @Nullable [] answer) {
    IdempotentRequest request = run.request();
    int ended =
        transactions.withConnection(
            request.provider(),
            connection -> {
              try (PreparedStatement end = connection.prepareStatement(END)) {
                end.setBytes(1, answer);
                end.setObject(2, request.provider().value());
                end.setString(3, request.slot());
                end.setLong(4, run.generation());
                return end.executeUpdate();
              }
            });
    if (ended == 0) {
      LOG.warnf("A request of %s outlived its time with an Idempotency-Key", request.provider());
    }
  }

  private static RuntimeException inUse() {
    return HttpProblem.builder(
            Problems.conflict(
                "idempotency_key_in_use", "A request with this Idempotency-Key is still running."))
        .withHeader("Retry-After", RETRY_AFTER.toSeconds())
        .build();
  }
}
