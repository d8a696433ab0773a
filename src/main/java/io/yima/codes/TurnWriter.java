package io.yima.codes;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.yima.database.DatabaseFailed;
import io.yima.database.WorkerDatabase;
import io.yima.tenancy.ProviderTransactions;
import io.yima.work.Node;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jboss.logging.Logger;
import org.postgresql.util.PSQLException;

/** Records turns on either pool, and counts what they came to. */
@ApplicationScoped
class TurnWriter {

  private static final Logger LOG = Logger.getLogger(TurnWriter.class);
  private static final String APPLICATION_ID_KEY = "code_application_application_id_key";

  private final ApplicationCalls calls;
  private final ProviderTransactions transactions;
  private final WorkerDatabase database;
  private final Event<ApplicationsFinished> finished;
  private final Node node;
  private final MeterRegistry registry;

  TurnWriter(
      ApplicationCalls calls,
      ProviderTransactions transactions,
      WorkerDatabase database,
      Event<ApplicationsFinished> finished,
      Node node,
      MeterRegistry registry) {
    this.calls = calls;
    this.transactions = transactions;
    this.database = database;
    this.finished = finished;
    this.node = node;
    this.registry = registry;
  }

  /** Records background turns; gives those whose row was still theirs. */
  Set<Turn> writeAll(List<Turn> turns) {
    try {
      Set<Turn> written = database.transaction(connection -> write(connection, turns));
      turns.forEach(turn -> count(turn, written.contains(turn)));
      return written;
    } catch (DatabaseFailed e) {
      if (!isConflict(e)) {
        throw e;
      }
      return writeOneByOne(turns);
    }
  }

  /** Records the turn of a request; empty when the row is someone else's by now. */
  Optional<Turn> write(Turn turn) {
    return writeAlone(turn, work -> transactions.withConnection(turn.key().provider(), work));
  }

  private Set<Turn> writeOneByOne(List<Turn> turns) {
    Set<Turn> written = new HashSet<>();
    for (Turn turn : turns) {
      if (writeAlone(turn, database::transaction).isPresent()) {
        written.add(turn);
      }
    }
    return written;
  }

  private Optional<Turn> writeAlone(
      Turn turn, Function<WorkerDatabase.Work<Set<Turn>>, Set<Turn>> transaction) {
    try {
      return writeOnce(turn, transaction);
    } catch (DatabaseFailed e) {
      if (!isConflict(e)) {
        throw e;
      }
      LOG.errorf(
          "WeChat answered application %s of %s with application_id %s, which is another's already",
          turn.key().isvApplicationId(),
          turn.key().authorizer().authorizerAppid(),
          turn.after().applicationId());
      return writeOnce(calls.conflict(turn), transaction);
    }
  }

  private Optional<Turn> writeOnce(
      Turn turn, Function<WorkerDatabase.Work<Set<Turn>>, Set<Turn>> transaction) {
    Set<Turn> written = transaction.apply(connection -> write(connection, List.of(turn)));
    count(turn, written.contains(turn));
    return written.stream().findFirst();
  }

  private Set<Turn> write(Connection connection, List<Turn> turns) throws SQLException {
    return LedgerRecords.write(connection, turns, node.name(), finished);
  }

  private void count(Turn turn, boolean ours) {
    boolean submission = turn.before().state() == ApplicationState.SUBMITTING;
    Counter.builder(submission ? "yima_code_submissions" : "yima_code_syncs")
        .description("Turns to WeChat about code applications, by what they came to")
        .tag("outcome", ours ? turn.outcome() : "lease_lost")
        .register(registry)
        .increment();
  }

  /** Whether the number that WeChat gave is another application's. */
  private static boolean isConflict(DatabaseFailed failed) {
    for (Throwable cause = failed; cause != null; cause = cause.getCause()) {
      if (cause instanceof PSQLException refused
          && refused.getServerErrorMessage() != null
          && APPLICATION_ID_KEY.equals(refused.getServerErrorMessage().getConstraint())) {
        return true;
      }
    }
    return false;
  }
}
