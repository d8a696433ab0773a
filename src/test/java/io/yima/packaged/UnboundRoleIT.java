package io.yima.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.yima.testsupport.FreePort;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A start under a role that row level security does not bind ends, and says what to do. */
class UnboundRoleIT {

  @TempDir Path directory;

  @Test
  void neither_a_superuser_nor_a_pool_that_stays_the_owner_gets_to_serve() throws Exception {
    try (PackagedYima yima = new PackagedYima(directory)) {
      // The login is right, but the pool is kept from taking its role.
      String owner =
          refused(yima, Map.of("QUARKUS_DATASOURCE_JDBC_NEW_CONNECTION_SQL", "select 1"));
      assertThat(owner)
          .contains("A pool works as role " + yima.database().username())
          .contains("deploy/postgresql/roles.sql");

      String superuser =
          refused(
              yima,
              Map.of(
                  "QUARKUS_DATASOURCE_USERNAME",
                  "postgres",
                  "QUARKUS_DATASOURCE_JDBC_NEW_CONNECTION_SQL",
                  "select 1"));
      assertThat(superuser)
          .contains("A pool works as role postgres")
          .contains("deploy/postgresql/roles.sql");
    }
  }

  private static String refused(PackagedYima yima, Map<String, String> settings) {
    int port = FreePort.choose();
    JavaProcess node = yima.launch(port, settings);
    Awaitility.await().atMost(Duration.ofSeconds(120)).until(() -> !node.isAlive());
    assertThat(node.exitValue()).as(node.output()).isNotZero();
    return node.output();
  }
}
