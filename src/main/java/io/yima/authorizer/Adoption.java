package io.yima.authorizer;

import io.yima.security.audit.AuditAction;
import io.yima.security.audit.AuditEntry;
import io.yima.security.audit.AuditTrail;
import io.yima.tenancy.ProviderId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.work.WorkLoops;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;

/** Takes over every merchant who authorized a provider already; the work itself is done behind. */
@ApplicationScoped
class Adoption {

  private final ProviderTransactions transactions;
  private final AuditTrail audit;
  private final WorkLoops loops;
  private final Clock clock;

  Adoption(ProviderTransactions transactions, AuditTrail audit, WorkLoops loops, Clock clock) {
    this.transactions = transactions;
    this.audit = audit;
    this.loops = loops;
    this.clock = clock;
  }

  void begin(ProviderId provider) {
    transactions.withConnection(
        provider,
        connection -> {
          ReconciliationRows.anew(connection, provider, clock.instant());
          audit.record(AuditEntry.of(AuditAction.AUTHORIZERS_ADOPTED, provider));
          return provider;
        });
    loops.wake(Reconciler.KIND);
  }
}
