package io.yima.bench;

import io.yima.database.DatabaseRoles;
import io.yima.database.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * The embedded PostgreSQL with its production settings, and with {@code pg_stat_statements}, which
 * counts what nodes ask of it. The benchmark itself looks in as superuser, who is not counted.
 */
final class BenchDatabase implements AutoCloseable {

  private static final String SUPERUSER = "postgres";

  /** Work with a connection. */
  @FunctionalInterface
  interface Work<T> {
    T with(Connection connection) throws SQLException;
  }

  private final Path directory;
  private final EmbeddedPostgres server;

  private BenchDatabase(Path directory, EmbeddedPostgres server) {
    this.directory = directory;
    this.server = server;
  }

  static BenchDatabase start(Path directory) throws IOException {
    Path home = directory.resolve("postgresql");
    try (EmbeddedPostgres first = EmbeddedPostgres.start(home)) {
      new BenchDatabase(home, first)
          .execute("alter system set shared_preload_libraries = 'pg_stat_statements'");
    }
    EmbeddedPostgres server = EmbeddedPostgres.start(home);
    DatabaseRoles.ensure(server.jdbcUrl(), server.username(), server.password());
    BenchDatabase database = new BenchDatabase(home, server);
    database.execute("create extension pg_stat_statements");
    return database;
  }

  EmbeddedPostgres server() {
    return server;
  }

  /** With the user's name and password in it. */
  String ownersUrl() {
    return server.jdbcUrl() + "?user=" + server.username() + "&password=" + server.password();
  }

  <T> T with(Work<T> work) {
    try (Connection connection = open()) {
      return work.with(connection);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A connection of the superuser's, for the caller to close. */
  Connection open() throws SQLException {
    return DriverManager.getConnection(server.jdbcUrl(), SUPERUSER, server.password());
  }

  void execute(String sql) {
    with(
        connection -> {
          try (Statement statement = connection.createStatement()) {
            return statement.execute(sql);
          }
        });
  }

  /** The one number that a query returns. */
  double number(String sql) {
    return Double.parseDouble(text(sql));
  }

  /** The one value that a query returns. */
  String text(String sql) {
    return with(
        connection -> {
          try (Statement statement = connection.createStatement();
              ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getString(1);
          }
        });
  }

  /** As after a power cut, and started again at once on the same port. */
  void restartImmediately() {
    ProcessBuilder stop = server.stopCommand();
    List<String> command = new ArrayList<>();
    for (String word : stop.command()) {
      command.add(word.equals("stop") ? "restart" : word.equals("fast") ? "immediate" : word);
    }
    // Else the server would keep this process's standard output open.
    command.addAll(List.of("-l", directory.resolve("server.log").toString()));
    try {
      Process restart = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(restart.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      if (!restart.waitFor(60, TimeUnit.SECONDS) || restart.exitValue() != 0) {
        throw new IllegalStateException("pg_ctl restart failed: " + output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** The server's processes: postmaster, its helpers, one for every connection. */
  Stream<ProcessHandle> processes() {
    String pid = text("select split_part(pg_read_file('postmaster.pid'), E'\\n', 1)");
    ProcessHandle postmaster = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
    return Stream.concat(Stream.of(postmaster), postmaster.descendants());
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
