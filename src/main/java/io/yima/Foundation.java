package io.yima;

import io.smallrye.config.DotEnvConfigSourceProvider;
import io.smallrye.config.SmallRyeConfig;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.yima.database.DatabaseRoles;
import io.yima.database.EmbeddedPostgres;
import io.yima.database.PrivateFile;
import io.yima.secrets.MasterKeyset;
import io.yima.secrets.Secret;
import io.yima.security.ApiKeySecret;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;

/**
 * What must stand before Quarkus starts: a database, its roles, and for a mere trial the keys that
 * a real deployment brings itself.
 *
 * <p>The server and its address live in system properties, so that a live reload, which loads this
 * class anew, finds them as they were.
 */
final class Foundation {

  private static final String URL = "quarkus.datasource.jdbc.url";
  private static final String USERNAME = "quarkus.datasource.username";
  private static final String PASSWORD = "quarkus.datasource.password";
  private static final String WECHAT = "yima.wechat.base-url";

  /** Set by the build for dev mode: Quarkus' own launch mode is known only once it starts. */
  private static final String DEVELOPMENT = "io.yima.development";

  /** Set while the application runs; see {@link ApplicationState}. */
  static final String UP = "io.yima.application-up";

  private static final String EMBEDDED = "io.yima.embedded-database";

  private final SmallRyeConfig config;
  private final Path dataDirectory;

  private Foundation() {
    config =
        new SmallRyeConfigBuilder()
            // Only what a user sets: the application's own defaults are not for this class.
            .addSystemSources()
            .withSources(new DotEnvConfigSourceProvider())
            .build();
    dataDirectory = Path.of(setting("yima.data-dir", "./data"));
  }

  /** Throws {@link IllegalStateException} with the remedy when something cannot be had. */
  static void lay() {
    Foundation foundation = new Foundation();
    if (foundation.setting(URL, "").isEmpty()) {
      foundation.startEmbeddedPostgres();
    }
    foundation.ensureRoles();
    boolean trial = foundation.turnToOwnSandbox() && Boolean.getBoolean(EMBEDDED);
    if (trial) {
      foundation.generateMissingKeys();
    }
  }

  private void startEmbeddedPostgres() {
    EmbeddedPostgres server = EmbeddedPostgres.start(dataDirectory.resolve("postgresql"));
    Properties properties = System.getProperties();
    properties.setProperty(URL, server.jdbcUrl());
    properties.setProperty(USERNAME, server.username());
    properties.setProperty(PASSWORD, server.password());
    properties.setProperty(EMBEDDED, "true");
    Runtime.getRuntime().addShutdownHook(new StopLast(server.stopCommand()));
  }

  private void ensureRoles() {
    DatabaseRoles.ensure(setting(URL, ""), setting(USERNAME, ""), setting(PASSWORD, ""));
  }

  /** With the sandbox enabled and no other address set, WeChat is the sandbox; tells whether. */
  private boolean turnToOwnSandbox() {
    String otherwise = Boolean.toString(Boolean.getBoolean(DEVELOPMENT));
    if (!Boolean.parseBoolean(setting("yima.sandbox.enabled", otherwise))) {
      return false;
    }
    String sandbox = "http://127.0.0.1:" + setting("yima.sandbox.port", "8089");
    String wechat = setting(WECHAT, sandbox);
    System.setProperty(WECHAT, wechat);
    return wechat.equals(sandbox);
  }

  private void generateMissingKeys() {
    generateIfMissing("yima.master-keyset", "master-keyset.json", MasterKeyset::generate);
    generateIfMissing("yima.operator-key", "operator-key", ApiKeySecret::generateOperatorKey);
  }

  private void generateIfMissing(String property, String file, Supplier<Secret> generator) {
    if (!setting(property, "").isEmpty()) {
      return;
    }
    Path path = dataDirectory.resolve(file);
    try {
      if (!Files.exists(path)) {
        PrivateFile.write(path, generator.get().reveal());
      }
      System.setProperty(property, Files.readString(path).strip());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private String setting(String name, String otherwise) {
    return config.getOptionalValue(name, String.class).orElse(otherwise);
  }

  /** Stops the server once the application is down; uses nothing of the loader that made it. */
  private static final class StopLast extends Thread {

    private final ProcessBuilder stop;

    StopLast(ProcessBuilder stop) {
      super("stop-embedded-postgresql");
      this.stop = stop;
    }

    @Override
    @SuppressWarnings("CatchAndPrintStackTrace") // Logging is already gone.
    public void run() {
      long limit = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (Boolean.getBoolean(UP) && System.nanoTime() < limit) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
      }
      try {
        stop.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
        stop.start().waitFor(20, TimeUnit.SECONDS);
      } catch (IOException | InterruptedException e) {
        e.printStackTrace();
      }
    }
  }
}
