package io.yima.testsupport;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.yima.database.EmbeddedPostgres;
import io.yima.secrets.MasterKeyset;
import java.util.Map;

/** Gives every application test the real database and the keys that a deployment would bring. */
public class YimaTestResource implements QuarkusTestResourceLifecycleManager {

  public static final String OPERATOR_KEY =
      io.yima.security.ApiKeySecret.generateOperatorKey().reveal();

  @Override
  public Map<String, String> start() {
    EmbeddedPostgres server = TestDatabase.server();
    return Map.of(
        "quarkus.datasource.jdbc.url", server.jdbcUrl(),
        "quarkus.datasource.username", server.username(),
        "quarkus.datasource.password", server.password(),
        "yima.master-keyset", MasterKeyset.generate().reveal(),
        "yima.operator-key", OPERATOR_KEY);
  }

  @Override
  public void stop() {
    // The server outlives this application for the next one of the JVM.
  }
}
