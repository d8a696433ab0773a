package io.yima.tenancy;

import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.yima.database.DatabaseFailed;
import io.yima.database.OpenTransactions;
import io.yima.database.WorkerDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.function.Supplier;

/**
 * Transactions of the API's pool that act for one provider. This is the only place that names the
 * provider to PostgreSQL; outside of it the API's role sees no row of any tenant.
 */
@ApplicationScoped
public class ProviderTransactions {

  private static final String ACT_FOR = "select set_config('yima.provider', ?, true)";

  /** Binds a query's parameters, none of them null, the first of which is at this position. */
  @FunctionalInterface
  public interface Parameters {
    void bind(PreparedStatement query, int first) throws SQLException;
  }

  /** Makes something of a query's rows. */
  @FunctionalInterface
  public interface Rows<T> {
    T read(ResultSet rows) throws SQLException;
  }

  private final AgroalDataSource dataSource;
  private final ConnectionShares shares;

  ProviderTransactions(AgroalDataSource dataSource, ConnectionShares shares) {
    this.dataSource = dataSource;
    this.shares = shares;
  }

  /** Runs the work in a new transaction that sees and writes this provider's rows only. */
  public <T> T call(ProviderId provider, Supplier<T> work) {
    return shares.transaction(
        provider, () -> QuarkusTransaction.requiringNew().call(() -> inTime(provider, work)));
  }

  /**
   * A transaction that took too long, as when this node was paused, is rolled back behind its back:
   * whatever its work then stumbles over, that is why.
   */
  private <T> T inTime(ProviderId provider, Supplier<T> work) {
    try {
      actFor(provider);
      return work.get();
    } catch (RuntimeException e) {
      if (QuarkusTransaction.getStatus() == Status.STATUS_ROLLEDBACK) {
        throw DatabaseFailed.tookTooLong(e);
      }
      throw e;
    }
  }

  /** {@link #call} for work without a result. */
  public void run(ProviderId provider, Runnable work) {
    call(
        provider,
        () -> {
          work.run();
          return true;
        });
  }

  /** {@link #call} for statements in plain JDBC. */
  public <T> T withConnection(ProviderId provider, WorkerDatabase.Work<T> work) {
    return call(
        provider,
        () -> {
          try (Connection connection = dataSource.getConnection()) {
            return work.with(connection);
          } catch (SQLException e) {
            throw new DatabaseFailed(e);
          }
        });
  }

  /**
   * One query of this provider's rows in one round trip, for what is read a thousand times a
   * second. PostgreSQL takes both statements, sent together, for one transaction, at whose end it
   * forgets the provider. No parameter may be null: the driver would ask for its type, and from
   * then on send the two apart, so that the query would see no row.
   */
  public <T> T query(ProviderId provider, String query, Parameters parameters, Rows<T> rows) {
    OpenTransactions.refuse("a query with a transaction of its own");
    return shares.transaction(provider, () -> inOneTrip(provider, query, parameters, rows));
  }

  private <T> T inOneTrip(ProviderId provider, String query, Parameters parameters, Rows<T> rows) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement both = connection.prepareStatement(ACT_FOR + "; " + query)) {
      both.setString(1, provider.toString());
      parameters.bind(both, 2);
      both.execute();
      both.getMoreResults();
      try (ResultSet result = both.getResultSet()) {
        return rows.read(result);
      }
    } catch (SQLException e) {
      throw new DatabaseFailed(e);
    }
  }

  /**
   * By plain JDBC: Hibernate plans a native query anew each time, which costs more than to run it.
   */
  private void actFor(ProviderId provider) {
    try (Connection connection = dataSource.getConnection();
        PreparedStatement set = connection.prepareStatement(ACT_FOR)) {
      set.setString(1, provider.toString());
      set.execute();
    } catch (SQLException e) {
      throw new DatabaseFailed(e);
    }
  }
}
