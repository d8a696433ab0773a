package io.yima.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresTest {

  @TempDir Path directory;

  @Test
  void data_survives_a_stop_and_is_durable() throws Exception {
    try (EmbeddedPostgres first = EmbeddedPostgres.start(directory)) {
      execute(first, "create table kept (n int)");
      assertThat(ask(first, "show fsync")).isEqualTo("on");
      assertThat(ask(first, "show synchronous_commit")).isEqualTo("on");
      assertThat(ask(first, "show listen_addresses")).isEqualTo("127.0.0.1");
    }
    try (EmbeddedPostgres second = EmbeddedPostgres.start(directory)) {
      assertThat(ask(second, "select count(*) from kept")).isEqualTo("0");
    }
  }

  @Test
  void a_directory_in_use_is_refused() throws Exception {
    try (EmbeddedPostgres first = EmbeddedPostgres.start(directory)) {
      assertThat(ask(first, "select 1")).isEqualTo("1");
      assertThatThrownBy(() -> EmbeddedPostgres.start(directory))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("already uses this directory");
    }
  }

  @Test
  void data_of_another_major_version_is_refused() throws Exception {
    EmbeddedPostgres.start(directory).close();
    Files.writeString(directory.resolve("data/PG_VERSION"), "17\n");

    assertThatThrownBy(() -> EmbeddedPostgres.start(directory))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("written by PostgreSQL 17");
  }

  @Test
  void the_owner_of_the_tables_is_no_superuser_and_inherits_no_role() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(directory)) {
      DatabaseRoles.ensure(server.jdbcUrl(), server.username(), server.password());

      assertThat(ask(server, "select rolsuper or rolbypassrls from pg_roles where rolname='yima'"))
          .isEqualTo("f");
      assertThat(ask(server, "select pg_has_role('yima', 'yima_worker', 'USAGE')")).isEqualTo("f");
      assertThat(ask(server, "select pg_has_role('yima', 'yima_worker', 'SET')")).isEqualTo("t");
    }
  }

  private static void execute(EmbeddedPostgres server, String sql) throws SQLException {
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private static String ask(EmbeddedPostgres server, String sql) throws SQLException {
    try (Connection connection = connect(server);
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private static Connection connect(EmbeddedPostgres server) throws SQLException {
    return DriverManager.getConnection(server.jdbcUrl(), server.username(), server.password());
  }
}
