package io.yima.testsupport;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import io.yima.database.EmbeddedPostgres;
import io.yima.sandbox.SandboxOptions;
import io.yima.sandbox.SandboxServer;
import io.yima.secrets.MasterKeyset;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.awaitility.Awaitility;

/**
 * Gives every application test the real database, a sandbox of its own to be WeChat, and the keys
 * that a deployment would bring.
 */
public class YimaTestResource implements QuarkusTestResourceLifecycleManager {

  /** An operator's key, the same in every test. */
  public static final String OPERATOR_KEY =
      "yima_op_0000000000000000000000000000000000000000" + "b89e4e3b";

  private SandboxServer sandbox;

  @Override
  public Map<String, String> start() {
    // Most conditions come true in a few milliseconds, and on a busy machine after many seconds.
    Awaitility.setDefaultPollInterval(Duration.ofMillis(10));
    Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
    EmbeddedPostgres server = TestDatabase.server();
    sandbox = SandboxServer.start(new SandboxOptions(0, null, Clock.systemUTC()));
    String port = Integer.toString(FreePort.choose());
    Map<String, String> config = new HashMap<>();
    config.put("quarkus.datasource.jdbc.url", server.jdbcUrl());
    config.put("quarkus.datasource.username", server.username());
    config.put("quarkus.datasource.password", server.password());
    config.put("quarkus.http.test-port", port);
    config.put("yima.public-url", "http://localhost:" + port);
    config.put("yima.wechat.base-url", sandbox.baseUrl());
    config.put("yima.master-keyset", MasterKeyset.generate().reveal());
    config.put("yima.operator-key", OPERATOR_KEY);
    return config;
  }

  @Override
  public void stop() {
    // The database outlives this application for the next one of the JVM.
    sandbox.close();
  }
}
