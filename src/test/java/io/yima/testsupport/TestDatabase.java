package io.yima.testsupport;

import io.yima.database.DatabaseRoles;
import io.yima.database.EmbeddedPostgres;
import java.nio.file.Path;

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
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server)));
    return server;
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
