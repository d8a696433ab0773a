package io.yima.codes;

import io.yima.authorizer.AuthorizerStanding;
import io.yima.authorizer.Authorizers;
import io.yima.security.audit.AuditTrail;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.work.Node;
import io.yima.work.WorkLoops;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Takes batches: all of their orders are stored in one transaction, or none. Nothing is sent here;
 * they are due at once, and the loop takes merchants in turn.
 */
@ApplicationScoped
class BatchOrders {

  private final ProviderTransactions transactions;
  private final Authorizers authorizers;
  private final WorkLoops loops;
  private final AuditTrail audit;
  private final Node node;

  BatchOrders(
      ProviderTransactions transactions,
      Authorizers authorizers,
      WorkLoops loops,
      AuditTrail audit,
      Node node) {
    this.transactions = transactions;
    this.authorizers = authorizers;
    this.loops = loops;
    this.audit = audit;
    this.node = node;
  }

  /**
   * Stores orders of one provider whose fields break no rule. Throws the 422 that names each order
   * that conflicts with what is stored: then nothing was.
   */
  BatchView order(ProviderId provider, List<PlacedOrder> batch) {
    Set<AuthorizerId> merchants =
        batch.stream().map(one -> one.key().authorizer()).collect(Collectors.toSet());
    Map<AuthorizerId, AuthorizerStanding> standings = authorizers.standings(provider, merchants);
    BatchView answer =
        transactions.withConnection(
            provider,
            connection -> {
              BatchIntake intake = new BatchIntake(connection, batch, standings);
              BatchView stored = intake.store();
              History.append(connection, intake.events(), node.name());
              audit.record(intake.audit());
              return stored;
            });
    loops.wake(ApplicationSync.KIND);
    return answer;
  }
}
