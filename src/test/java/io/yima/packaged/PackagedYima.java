package io.yima.packaged;

import static org.awaitility.Awaitility.await;

import io.restassured.RestAssured;
import io.yima.database.DatabaseRoles;
import io.yima.database.EmbeddedPostgres;
import io.yima.secrets.MasterKeyset;
import io.yima.testsupport.FreePort;
import io.yima.testsupport.Sandbox;
import io.yima.testsupport.YimaTestResource;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The packaged application as an operator runs it: nodes as processes on one PostgreSQL, and the
 * sandbox as a process of its own, which sees what really arrived at WeChat and outlives the nodes.
 */
final class PackagedYima implements AutoCloseable {

  static final Path JAR =
      Path.of(
          System.getProperty("yima.packaged.application", "target/quarkus-app/quarkus-run.jar"));

  private final Path directory;
  private EmbeddedPostgres database;
  private final JavaProcess sandboxProcess;
  private final Sandbox sandbox;
  private final String keyset = MasterKeyset.generate().reveal();
  private final List<JavaProcess> started = new ArrayList<>();
  private final int firstPort = FreePort.choose();

  PackagedYima(Path directory) {
    this.directory = directory;
    database = EmbeddedPostgres.start(directory.resolve("postgresql"));
    DatabaseRoles.ensure(database.jdbcUrl(), database.username(), database.password());
    sandboxProcess = startSandbox();
    sandbox = new Sandbox(sandboxAddress());
  }

  String keyset() {
    return keyset;
  }

  Sandbox sandbox() {
    return sandbox;
  }

  EmbeddedPostgres database() {
    return database;
  }

  /** Stops the database as pg_ctl does in this mode, {@code fast} or {@code immediate}. */
  void stopDatabase(String mode) throws IOException {
    ProcessBuilder stop = database.stopCommand();
    stop.command().replaceAll(argument -> argument.equals("fast") ? mode : argument);
    stop.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    int exit = stop.start().onExit().join().exitValue();
    if (exit != 0) {
      throw new IOException("pg_ctl stop -m " + mode + " ended with " + exit);
    }
  }

  /** Starts it again, on another port. */
  void startDatabase() throws IOException {
    try {
      database.close();
    } catch (IOException e) {
      // There is nothing to stop any more; its directory is free again.
    }
    database = EmbeddedPostgres.start(directory.resolve("postgresql"));
  }

  String address() {
    return "http://localhost:" + firstPort;
  }

  int port() {
    return firstPort;
  }

  /** Starts the node that callbacks reach and waits until it is ready. */
  JavaProcess startNode() {
    return startNode(firstPort, Map.of());
  }

  /** Starts a further node on a port of its own. */
  JavaProcess startNode(int port, Map<String, String> settings) {
    JavaProcess node = launch(port, settings);
    awaitReady(port, node);
    return node;
  }

  /** Starts a node without waiting; options come behind, and instead of, those of all our nodes. */
  JavaProcess launch(int port, Map<String, String> settings, String... javaOptions) {
    Map<String, String> environment = new HashMap<>();
    environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
    environment.put("QUARKUS_DATASOURCE_JDBC_URL", database.jdbcUrl());
    environment.put("QUARKUS_DATASOURCE_USERNAME", database.username());
    environment.put("QUARKUS_DATASOURCE_PASSWORD", database.password());
    environment.put("YIMA_PUBLIC_URL", address());
    environment.put("YIMA_MASTER_KEYSET", keyset);
    environment.put("YIMA_OPERATOR_KEY", YimaTestResource.OPERATOR_KEY);
    environment.put("YIMA_WECHAT_BASE_URL", sandbox.address());
    environment.put("YIMA_DATA_DIR", directory.resolve("data").toString());
    environment.putAll(settings);
    List<String> arguments = new ArrayList<>(List.of(javaOptions));
    arguments.addAll(List.of("-jar", JAR.toString()));
    JavaProcess node = JavaProcess.start(log("node-" + port), environment, arguments);
    started.add(node);
    return node;
  }

  void awaitReady(int port, JavaProcess node) {
    await()
        .atMost(Duration.ofSeconds(120))
        .pollInterval(Duration.ofMillis(100))
        .until(() -> !node.isAlive() || isReady(port));
    if (!node.isAlive()) {
      throw new AssertionError("The node ended:\n" + node.output());
    }
  }

  static boolean isReady(int port) {
    try {
      return RestAssured.given()
              .baseUri("http://localhost:" + port)
              .port(port)
              .get("/q/health/ready")
              .statusCode()
          == 200;
    } catch (RuntimeException | Error e) {
      return false;
    } catch (Exception e) {
      // REST Assured throws a ConnectException that it does not declare.
      return false;
    }
  }

  /** What this node wrote so far, every start of it. */
  String log(JavaProcess node) {
    return node.output();
  }

  Path directory() {
    return directory;
  }

  private Path log(String name) {
    return directory.resolve(name + ".log");
  }

  private JavaProcess startSandbox() {
    Path app = JAR.getParent();
    String classPath =
        String.join(
            File.pathSeparator,
            app.resolve("app") + "/*",
            app.resolve("lib/main") + "/*",
            app.resolve("lib/boot") + "/*");
    JavaProcess process =
        JavaProcess.start(
            log("sandbox"),
            Map.of(
                "YIMA_SANDBOX_PORT", "0", "YIMA_DATA_DIR", directory.resolve("wechat").toString()),
            List.of("-cp", classPath, "io.yima.sandbox.SandboxMain"));
    process.awaitOutput("Sandbox listening on ");
    return process;
  }

  private String sandboxAddress() {
    return sandboxProcess
        .output()
        .lines()
        .filter(line -> line.startsWith("Sandbox listening on "))
        .findFirst()
        .map(line -> line.substring("Sandbox listening on ".length()).strip())
        .orElseThrow();
  }

  @Override
  public void close() throws IOException {
    started.forEach(JavaProcess::close);
    sandboxProcess.close();
    database.close();
  }
}
