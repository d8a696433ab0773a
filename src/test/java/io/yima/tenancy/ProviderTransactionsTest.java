package io.yima.tenancy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.database.DatabaseFailed;
import io.yima.provider.RegisteredProviders;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import jakarta.transaction.SystemException;
import jakarta.transaction.Transaction;
import jakarta.transaction.TransactionManager;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class ProviderTransactionsTest {

  private static final String ALL = "select provider_id from component";

  @Inject ProviderTransactions transactions;
  @Inject RegisteredProviders registered;
  @Inject AgroalDataSource dataSource;
  @Inject TransactionManager manager;

  @Test
  void a_query_in_one_round_trip_sees_its_providers_rows_only() throws Exception {
    List<ProviderId> providers = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      providers.add(registered.register(ComponentApp.unheardOf()).id());
    }

    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<UUID>>> seen = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        ProviderId provider = providers.get(i % providers.size());
        seen.add(threads.submit(() -> transactions.query(provider, ALL, (q, at) -> {}, this::ids)));
      }
      for (int i = 0; i < seen.size(); i++) {
        assertThat(seen.get(i).get()).containsExactly(providers.get(i % providers.size()).value());
      }
    }
  }

  @Test
  void the_connection_forgets_the_provider_with_the_query() throws Exception {
    ProviderId provider = registered.register(ComponentApp.unheardOf()).id();
    for (int i = 0; i < 20; i++) {
      transactions.query(provider, ALL, (query, first) -> {}, this::ids);

      try (Connection connection = dataSource.getConnection();
          Statement statement = connection.createStatement();
          ResultSet rows = statement.executeQuery(ALL)) {
        assertThat(ids(rows)).isEmpty();
      }
    }
  }

  @Test
  void a_query_that_fails_leaves_nothing_behind() throws Exception {
    ProviderId provider = registered.register(ComponentApp.unheardOf()).id();

    assertThatThrownBy(
            () ->
                transactions.query(
                    provider, "select 1 / 0 from component", (query, first) -> {}, this::ids))
        .isInstanceOf(DatabaseFailed.class);

    assertThat(transactions.query(provider, ALL, (query, first) -> {}, this::ids))
        .containsExactly(provider.value());
  }

  /** Or one provider's callers would hold every connection, and the others had none. */
  @Test
  void queries_of_one_provider_leave_connections_for_another() throws Exception {
    ProviderId flooding = registered.register(ComponentApp.unheardOf()).id();
    ProviderId other = registered.register(ComponentApp.unheardOf()).id();
    CountDownLatch over = new CountDownLatch(1);
    AtomicInteger holding = new AtomicInteger();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<List<UUID>>> flood = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        flood.add(threads.submit(() -> held(flooding, holding, over)));
      }
      await().until(() -> holding.get() > 0);

      List<UUID> seen = transactions.query(other, ALL, (query, first) -> {}, this::ids);

      assertThat(seen).containsExactly(other.value());
      await().until(() -> flood.stream().anyMatch(Future::isDone));
      assertThat(holding).as("connections held by one provider").hasValueLessThan(20);
      over.countDown();
    }
  }

  private List<UUID> held(ProviderId provider, AtomicInteger holding, CountDownLatch over) {
    return transactions.query(
        provider,
        ALL,
        (query, first) -> {},
        rows -> {
          holding.incrementAndGet();
          awaitUninterruptibly(over);
          return ids(rows);
        });
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The transaction manager does that to those that take too long, whatever their thread does. */
  @Test
  void work_whose_transaction_was_rolled_back_behind_its_back_may_be_done_again() {
    ProviderId provider = registered.register(ComponentApp.unheardOf()).id();

    assertThatThrownBy(
            () ->
                transactions.run(
                    provider,
                    () -> {
                      rollBackElsewhere();
                      lookAround();
                    }))
        .isInstanceOfSatisfying(
            DatabaseFailed.class, failed -> assertThat(failed.isPassing()).isTrue());
  }

  private void lookAround() {
    try (Connection connection = dataSource.getConnection();
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(ALL)) {
      ids(rows);
    } catch (SQLException e) {
      throw new DatabaseFailed(e);
    }
  }

  private void rollBackElsewhere() {
    try {
      Transaction transaction = manager.getTransaction();
      Thread other =
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      transaction.rollback();
                    } catch (SystemException e) {
                      throw new IllegalStateException(e);
                    }
                  });
      other.join();
    } catch (SystemException | InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void a_query_with_a_transaction_of_its_own_is_refused_inside_another() {
    ProviderId provider = registered.register(ComponentApp.unheardOf()).id();

    assertThatThrownBy(
            () ->
                QuarkusTransaction.requiringNew()
                    .run(() -> transactions.query(provider, ALL, (q, first) -> {}, this::ids)))
        .isInstanceOf(IllegalStateException.class);
  }

  private List<UUID> ids(ResultSet rows) throws SQLException {
    List<UUID> ids = new ArrayList<>();
    while (rows.next()) {
      ids.add(rows.getObject(1, UUID.class));
    }
    return ids;
  }
}
