package io.yima.testsupport;

import io.yima.database.DatabaseRoles;
import io.yima.database.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** One PostgreSQL for all tests of one profile, under the same roles as in production. */
public final class TestDatabase {

  private static final EmbeddedPostgres SERVER = start();

  private TestDatabase() {}

  public static EmbeddedPostgres server() {
    return SERVER;
  }

  private static EmbeddedPostgres start() {
    Path directory = Path.of("target", "test-postgresql", name());
    EmbeddedPostgres server = EmbeddedPostgres.start(directory);
    DatabaseRoles.ensure(server.jdbcUrl(), server.username(), server.password());
    doNotWaitForTheDisk(server);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server)));
    return server;
  }

  /** No test of this database asks what a power cut leaves of it, and each commits thousands. */
  private static void doNotWaitForTheDisk(EmbeddedPostgres server) {
    try (Connection connection =
            DriverManager.getConnection(server.jdbcUrl(), "postgres", server.password());
        Statement statement = connection.createStatement()) {
      statement.execute("alter database yima set synchronous_commit = off");
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /** A test profile loads this class anew, while the former one's server still has its place. */
  private static String name() {
    return ProcessHandle.current().pid() + "-" + System.identityHashCode(TestDatabase.class);
  }

  private static void stop(EmbeddedPostgres server) {
    try {
      server.close();
    } catch (java.io.IOException e) {
      System.err.println("The test's PostgreSQL does not stop: " + e.getMessage());
    }
  }
}
