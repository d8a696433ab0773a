package io.yima.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.yima.database.DatabaseFailed;
import jakarta.transaction.RollbackException;
import java.sql.SQLException;
import javax.transaction.xa.XAException;
import org.junit.jupiter.api.Test;

class CausesTest {

  private static final HttpProblem UNEXPLAINED = HttpProblem.builder().withStatus(500).build();

  /**
   * The transaction manager keeps what a commit failed of beside the chain of causes, not in it.
   */
  @Test
  void a_commit_that_loses_its_connection_is_told_as_a_database_that_is_away() {
    assertThat(Causes.explain(UNEXPLAINED, failedCommit("08006")).getStatusCode()).isEqualTo(503);
  }

  @Test
  void a_commit_that_the_database_refuses_stays_an_error_of_ours() {
    assertThat(Causes.explain(UNEXPLAINED, failedCommit("23505"))).isSameAs(UNEXPLAINED);
  }

  /** As when a node was stopped by SIGSTOP in the middle, and goes on. */
  @Test
  void a_transaction_that_took_too_long_is_to_be_tried_again() {
    SQLException closed = new SQLException("This statement has been closed.", "55000");
    RollbackException timedOut = new RollbackException("Transaction rolled back");

    assertThat(Causes.explain(UNEXPLAINED, new DatabaseFailed(closed)).getStatusCode())
        .isEqualTo(503);
    assertThat(Causes.explain(UNEXPLAINED, new IllegalStateException(timedOut)).getStatusCode())
        .isEqualTo(503);
  }

  private static RuntimeException failedCommit(String sqlState) {
    XAException resource = new XAException(XAException.XAER_RMFAIL);
    resource.initCause(new SQLException("no more", sqlState));
    RollbackException rolledBack = new RollbackException("Could not commit transaction.");
    rolledBack.addSuppressed(resource);
    return new IllegalStateException(rolledBack);
  }
}
