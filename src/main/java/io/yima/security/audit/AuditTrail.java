package io.yima.security.audit;

import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.yima.database.DatabaseFailed;
import io.yima.security.Caller;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.work.Node;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.util.List;

/** Keeps what the sender of the present request did. */
@ApplicationScoped
public class AuditTrail {

  private final Caller caller;
  private final AgroalDataSource api;
  private final ProviderTransactions transactions;
  private final TokenReadTrail tokenReads;
  private final Node node;
  private final Clock clock;

  AuditTrail(
      Caller caller,
      AgroalDataSource api,
      ProviderTransactions transactions,
      TokenReadTrail tokenReads,
      Node node,
      Clock clock) {
    this.caller = caller;
    this.api = api;
    this.transactions = transactions;
    this.tokenReads = tokenReads;
    this.node = node;
    this.clock = clock;
  }

  /**
   * Stores the entry in the API's transaction that the calling thread is in, so that it is there if
   * and only if what it tells of is. Throws {@link IllegalStateException} outside of one, and the
   * 400 of {@link Caller#actor()}.
   */
  public void record(AuditEntry entry) {
    record(List.of(entry));
  }

  /** {@link #record(AuditEntry)} for many of one provider, in one round trip. */
  public void record(List<AuditEntry> entries) {
    if (QuarkusTransaction.getStatus() != Status.STATUS_ACTIVE) {
      throw new IllegalStateException("an audit event belongs into the transaction of its action");
    }
    if (entries.isEmpty()) {
      return;
    }
    try (Connection connection = api.getConnection()) {
      AuditRows.insert(connection, entries, Doer.of(caller), clock.instant(), node.name());
    } catch (SQLException e) {
      throw new DatabaseFailed(e);
    }
  }

  /** Stores, in a transaction of its own, what is about to be done outside of one. */
  public void recordIntent(AuditEntry entry) {
    transactions.run(entry.provider(), () -> record(entry));
  }

  /** Keeps that a merchant's token is about to be handed out; returns once that is certain. */
  public void tokenRead(AuthorizerId authorizer) {
    tokenReads.note(authorizer, Doer.of(caller));
  }
}
