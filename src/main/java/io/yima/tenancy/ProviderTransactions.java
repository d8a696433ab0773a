package io.yima.tenancy;

import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.yima.database.DatabaseFailed;
import io.yima.database.WorkerDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.function.Supplier;

/**
 * Transactions of the API's pool that act for one provider. This is the only place that names the
 * provider to PostgreSQL; outside of it the API's role sees no row of any tenant.
 */
@ApplicationScoped
public class ProviderTransactions {

  private final EntityManager entityManager;
  private final AgroalDataSource dataSource;
  private final ConnectionShares shares;

  ProviderTransactions(
      EntityManager entityManager, AgroalDataSource dataSource, ConnectionShares shares) {
    this.entityManager = entityManager;
    this.dataSource = dataSource;
    this.shares = shares;
  }

  /** Runs the work in a new transaction that sees and writes this provider's rows only. */
  public <T> T call(ProviderId provider, Supplier<T> work) {
    return shares.transaction(
        provider,
        () ->
            QuarkusTransaction.requiringNew()
                .call(
                    () -> {
                      actFor(provider);
                      return work.get();
                    }));
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

  private void actFor(ProviderId provider) {
    entityManager
        .createNativeQuery("select set_config('yima.provider', ?1, true)", String.class)
        .setParameter(1, provider.toString())
        .getSingleResult();
  }
}
