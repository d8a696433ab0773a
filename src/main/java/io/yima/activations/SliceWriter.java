package io.yima.activations;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.yima.database.WorkerDatabase;
import io.yima.tenancy.ProviderTransactions;
import io.yima.work.Node;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Set;

/** Records turns about slices on either pool, and counts what they came to. */
@ApplicationScoped
class SliceWriter {

  private final ProviderTransactions transactions;
  private final WorkerDatabase database;
  private final Node node;
  private final MeterRegistry registry;

  SliceWriter(
      ProviderTransactions transactions,
      WorkerDatabase database,
      Node node,
      MeterRegistry registry) {
    this.transactions = transactions;
    this.database = database;
    this.node = node;
    this.registry = registry;
  }

  /** Records background turns; gives those whose row was still theirs. */
  Set<SliceTurn> writeAll(List<SliceTurn> turns) {
    Set<SliceTurn> written =
        database.transaction(connection -> SliceRecords.write(connection, turns, node.name()));
    turns.forEach(turn -> count(turn, written.contains(turn)));
    return written;
  }

  /** Records a turn of a request, unless the row is someone else's by now. */
  void write(SliceTurn turn) {
    Set<SliceTurn> written =
        transactions.withConnection(
            turn.before().application().provider(),
            connection -> SliceRecords.write(connection, List.of(turn), node.name()));
    count(turn, written.contains(turn));
  }

  private void count(SliceTurn turn, boolean ours) {
    Counter.builder("yima_code_activations")
        .description("Turns to WeChat about slices of activations, by what they came to")
        .tag("outcome", ours ? turn.outcome() : "lease_lost")
        .register(registry)
        .increment();
  }
}
