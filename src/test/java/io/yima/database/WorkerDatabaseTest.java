package io.yima.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class WorkerDatabaseTest {

  @Inject WorkerDatabase database;

  @Test
  void a_transaction_that_throws_leaves_nothing_behind() {
    UUID id = Ids.next();

    assertThatThrownBy(
            () ->
                database.transaction(
                    connection -> {
                      insert(connection, id);
                      throw new IllegalStateException("on purpose");
                    }))
        .hasMessage("on purpose");

    assertThat(count(id)).isZero();
    database.transaction(connection -> insert(connection, id));
    assertThat(count(id)).isOne();
  }

  @Test
  void a_broken_statement_is_a_failure_of_the_database() {
    assertThatThrownBy(
            () ->
                database.transaction(
                    connection -> {
                      try (Statement statement = connection.createStatement()) {
                        return statement.execute("select from nowhere");
                      }
                    }))
        .isInstanceOf(DatabaseFailed.class);
  }

  @Test
  void inside_either_kind_of_transaction_no_call_may_happen() {
    assertThatThrownBy(
            () ->
                database.transaction(
                    connection -> {
                      OpenTransactions.refuse("a call");
                      return true;
                    }))
        .hasMessageContaining("a call must not happen inside a database transaction");
    assertThatThrownBy(
            () -> QuarkusTransaction.requiringNew().run(() -> OpenTransactions.refuse("a call")))
        .hasMessageContaining("a call must not happen inside a database transaction");
    assertThatCode(() -> OpenTransactions.refuse("a call")).doesNotThrowAnyException();
  }

  private static int insert(Connection connection, UUID id) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      return statement.executeUpdate(
          "insert into provider (id, component_appid, name, status, created_at, version) values ('"
              + id
              + "', 'wx"
              + id
              + "', 'x', 'ACTIVE', now(), 0)");
    }
  }

  private int count(UUID id) {
    return database.transaction(
        connection -> {
          try (Statement statement = connection.createStatement();
              var row =
                  statement.executeQuery("select count(*) from provider where id = '" + id + "'")) {
            row.next();
            return row.getInt(1);
          }
        });
  }
}
