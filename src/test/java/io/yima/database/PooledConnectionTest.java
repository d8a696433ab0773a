package io.yima.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.narayana.jta.QuarkusTransactionException;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.tenancy.ProviderId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection goes from one tenant to the next and takes nothing along. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class PooledConnectionTest {

  private static final int ROUNDS = 200;

  /** How a transaction may end. */
  private enum End {
    COMMIT,
    EXCEPTION,
    ROLLBACK_ONLY,
    FAILED_STATEMENT
  }

  @Inject AgroalDataSource api;
  @Inject ProviderTransactions transactions;

  private final ProviderId one = ProviderId.next();
  private final ProviderId other = ProviderId.next();
  private final List<Connection> occupied = new ArrayList<>();

  /** So few are left that each is used by both tenants in turn. */
  @BeforeEach
  void leave_two_connections() throws SQLException {
    int all = api.getConfiguration().connectionPoolConfiguration().maxSize();
    while (occupied.size() < all - 2) {
      occupied.add(api.getConnection());
    }
  }

  @BeforeEach
  void fill() throws SQLException {
    try (Catalogue catalogue = new Catalogue()) {
      GeneratedRows.insert(catalogue, one);
      GeneratedRows.insert(catalogue, other);
    }
  }

  @AfterEach
  void give_the_others_back() throws SQLException {
    requireBlindConnections();
    for (Connection connection : occupied) {
      connection.close();
    }
  }

  private void requireBlindConnections() throws SQLException {
    // Both at once, or the same one could answer twice.
    try (Connection first = api.getConnection();
        Connection second = api.getConnection()) {
      for (Connection connection : List.of(first, second)) {
        assertThat(seen(connection)).isEmpty();
        assertThat(ask(connection, "select coalesce(current_setting('yima.provider', true), '')"))
            .containsExactly("");
        assertThat(ask(connection, "select current_user")).containsExactly(DatabaseRoles.API);
      }
    }
  }

  @Test
  void however_a_transaction_ends_its_connection_comes_back_blind() throws SQLException {
    for (End end : End.values()) {
      actFor(one, end);
      requireBlindConnections();
    }
  }

  @Test
  void a_transaction_within_a_transaction_sees_its_own_provider_only() {
    transactions.run(
        one,
        () -> {
          look(one);
          transactions.run(
              other,
              () -> {
                look(other);
                QuarkusTransaction.joiningExisting().run(() -> look(other));
              });
          look(one);
          assertThatThrownBy(
                  () ->
                      transactions.run(
                          other,
                          () -> {
                            look(other);
                            throw new IllegalStateException("on purpose");
                          }))
              .hasMessage("on purpose");
          look(one);
          QuarkusTransaction.requiringNew().run(this::lookAsNobody);
          look(one);
        });
  }

  @Test
  void a_transaction_that_names_no_provider_sees_nothing() {
    actFor(one, End.COMMIT);

    QuarkusTransaction.requiringNew().run(this::lookAsNobody);
    lookAsNobody();
  }

  @Test
  void two_providers_in_any_order_on_two_connections_never_see_each_other() throws SQLException {
    long seed = new Random().nextLong();
    Random random = new Random(seed);

    for (int round = 0; round < ROUNDS; round++) {
      try {
        interleave(random);
        requireBlindConnections();
      } catch (AssertionError | RuntimeException e) {
        throw new AssertionError("seed " + seed + ", round " + round, e);
      }
    }

    Robustness.row(
        "Row level security",
        "random interleavings of two providers' transactions on a pool of two connections",
        ROUNDS,
        "each saw its own rows; every connection came back blind");
  }

  /** Six transactions, at most two at a time, one step of one of them after the other. */
  private void interleave(Random random) {
    List<Act> open = new ArrayList<>();
    int begun = 0;
    while (begun < 6 || !open.isEmpty()) {
      if (open.size() < 2 && random.nextInt(4) == 0) {
        lookAsNobody();
      }
      if (begun < 6 && open.size() < 2 && (open.isEmpty() || random.nextBoolean())) {
        End end = End.values()[random.nextInt(End.values().length)];
        open.add(new Act(random.nextBoolean() ? one : other, random.nextInt(4), end));
        begun++;
      }
      Act next = open.get(random.nextInt(open.size()));
      if (next.step()) {
        open.remove(next);
      }
    }
  }

  /** A transaction on a thread of its own, which goes on by one step when it is told to. */
  private final class Act {

    private final Semaphore go = new Semaphore(0);
    private final Semaphore stepped = new Semaphore(0);
    private volatile Throwable failure;
    private volatile boolean ended;

    Act(ProviderId provider, int looks, End end) {
      Thread.ofVirtual()
          .start(
              () -> {
                go.acquireUninterruptibly();
                try {
                  perform(provider, looks, end);
                } catch (Throwable e) {
                  failure = e;
                } finally {
                  stepped.release();
                }
              });
    }

    /** True when that was the last one. */
    boolean step() {
      go.release();
      stepped.acquireUninterruptibly();
      if (failure != null) {
        throw new AssertionError(failure);
      }
      return ended;
    }

    private void perform(ProviderId provider, int looks, End end) {
      try {
        transactions.run(
            provider,
            () -> {
              look(provider);
              for (int i = 0; i < looks; i++) {
                pause();
                look(provider);
              }
              pause();
              end(end);
            });
      } catch (OnPurpose | DatabaseFailed | QuarkusTransactionException e) {
        // How it was to end.
      }
      ended = true;
    }

    private void pause() {
      stepped.release();
      go.acquireUninterruptibly();
    }
  }

  private static final class OnPurpose extends RuntimeException {}

  private void actFor(ProviderId provider, End end) {
    try {
      transactions.run(
          provider,
          () -> {
            look(provider);
            end(end);
          });
    } catch (OnPurpose | DatabaseFailed | QuarkusTransactionException e) {
      // How it was to end.
    }
  }

  private void end(End end) {
    switch (end) {
      case COMMIT -> {}
      case EXCEPTION -> throw new OnPurpose();
      case ROLLBACK_ONLY -> QuarkusTransaction.setRollbackOnly();
      case FAILED_STATEMENT -> {
        try (Connection connection = api.getConnection()) {
          ask(connection, "select 1 / 0");
        } catch (SQLException e) {
          throw new DatabaseFailed(e);
        }
      }
    }
  }

  private void look(ProviderId provider) {
    assertThat(seen()).containsExactly(provider.toString());
  }

  private void lookAsNobody() {
    assertThat(seen()).isEmpty();
  }

  private List<String> seen() {
    try (Connection connection = api.getConnection()) {
      return seen(connection);
    } catch (SQLException e) {
      throw new DatabaseFailed(e);
    }
  }

  private static List<String> seen(Connection connection) throws SQLException {
    return ask(connection, "select distinct provider_id::text from authorizer");
  }

  private static List<String> ask(Connection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      List<String> answers = new ArrayList<>();
      while (row.next()) {
        answers.add(row.getString(1));
      }
      return answers;
    }
  }
}
