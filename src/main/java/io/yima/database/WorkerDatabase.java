package io.yima.database;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * The background work's own small pool, so that a flood of requests cannot starve it. Its role sees
 * the rows of all providers: statements that write a tenant's row name the tenant.
 */
@ApplicationScoped
public class WorkerDatabase {

  /** Work with a connection. */
  @FunctionalInterface
  public interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  private final AgroalDataSource dataSource;
  private final DatabaseWatch watch;

  WorkerDatabase(@DataSource("worker") AgroalDataSource dataSource, DatabaseWatch watch) {
    this.dataSource = dataSource;
    this.watch = watch;
  }

  /**
   * Runs the work in one transaction: committed when it returns, rolled back when it throws. Throws
   * {@link DatabaseFailed} when PostgreSQL does not do its part.
   */
  public <T> T transaction(Work<T> work) {
    OpenTransactions.refuse("a worker transaction");
    watch.requireReachable();
    try {
      return ScopedValue.where(OpenTransactions.WORKER, true).call(() -> inTransaction(work));
    } catch (SQLException e) {
      throw new DatabaseFailed(e);
    }
  }

  /**
   * Runs one statement, which is a transaction by itself: it needs no further ones to begin and to
   * commit it, and so one trip instead of two. Throws {@link DatabaseFailed} as {@link
   * #transaction} does.
   */
  public <T> T statement(Work<T> work) {
    OpenTransactions.refuse("a worker statement");
    watch.requireReachable();
    try {
      return ScopedValue.where(OpenTransactions.WORKER, true).call(() -> alone(work));
    } catch (SQLException e) {
      throw new DatabaseFailed(e);
    }
  }

  private <T> T alone(Work<T> work) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      T result = work.with(connection);
      watch.answered();
      return result;
    }
  }

  private <T> T inTransaction(Work<T> work) throws SQLException {
    try (Connection connection = dataSource.getConnection()) {
      connection.setAutoCommit(false);
      try {
        T result = work.with(connection);
        connection.commit();
        watch.answered();
        return result;
      } catch (SQLException | RuntimeException e) {
        rollBack(connection, e);
        throw e;
      }
    }
  }

  private static void rollBack(Connection connection, Exception cause) {
    try {
      connection.rollback();
    } catch (SQLException e) {
      cause.addSuppressed(e);
    }
  }
}
