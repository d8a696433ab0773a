package io.yima.bench;

import io.yima.database.EmbeddedPostgres;
import io.yima.packaged.JavaProcess;
import io.yima.secrets.MasterKeyset;
import io.yima.secrets.Sealer;
import io.yima.secrets.SealerOf;
import io.yima.secrets.Secret;
import io.yima.testsupport.YimaTestResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Ours: the packaged application as an operator runs it, whose WeChat is the stub. */
final class BenchYima {

  /** The packaged application. */
  static final Path JAR =
      Path.of(
          System.getProperty("yima.packaged.application", "target/quarkus-app/quarkus-run.jar"));

  private static final String SET_BACK = "its lease will run out";

  private final Path jar;
  private final Path directory;
  private final EmbeddedPostgres server;
  private final URI stub;
  private final List<String> options;
  private final Map<String, String> settings;
  private final Secret keyset;

  private BenchYima(
      Path jar,
      Path directory,
      EmbeddedPostgres server,
      URI stub,
      List<String> options,
      Map<String, String> settings,
      Secret keyset) {
    this.jar = jar;
    this.directory = directory;
    this.server = server;
    this.stub = stub;
    this.options = List.copyOf(options);
    this.settings = Map.copyOf(settings);
    this.keyset = keyset;
  }

  /**
   * A deployment with a keyset of its own.
   *
   * @param options for Java, the same that the other contenders get
   * @param settings of every node, by environment variable
   */
  static BenchYima deploy(
      Path directory,
      EmbeddedPostgres server,
      URI stub,
      List<String> options,
      Map<String, String> settings) {
    return new BenchYima(JAR, directory, server, stub, options, settings, MasterKeyset.generate());
  }

  /** The same deployment, whose nodes find WeChat elsewhere. */
  BenchYima callingAt(URI other) {
    return new BenchYima(jar, directory, server, other, options, settings, keyset);
  }

  /** The same deployment with further options for Java. */
  BenchYima with(List<String> more) {
    List<String> all = new ArrayList<>(options);
    all.addAll(more);
    return new BenchYima(jar, directory, server, stub, all, settings, keyset);
  }

  /** The same deployment from this jar, with an AOT cache made as an operator makes it. */
  BenchYima trained(Path aotJar) {
    Path cache = directory.resolve("app.aot").toAbsolutePath();
    Path log = directory.resolve("new-aot-cache.log");
    List<String> command = List.of("-jar", aotJar.toString(), "new-aot-cache", cache.toString());
    try (JavaProcess training = JavaProcess.start(log, Map.of(), options, command)) {
      training.awaitOutput(cache.toString());
    }
    List<String> all = new ArrayList<>(options);
    all.add("-XX:AOTCache=" + cache);
    return new BenchYima(aotJar, directory, server, stub, all, settings, keyset);
  }

  Sealer sealer() {
    return SealerOf.keyset(keyset);
  }

  /** Starts a node on a port of its own, without waiting for it. */
  Node launch(Map<String, String> more) {
    int port = freePort();
    Map<String, String> environment = new HashMap<>();
    environment.put("QUARKUS_HTTP_PORT", Integer.toString(port));
    environment.put("QUARKUS_DATASOURCE_JDBC_URL", server.jdbcUrl());
    environment.put("QUARKUS_DATASOURCE_USERNAME", server.username());
    environment.put("QUARKUS_DATASOURCE_PASSWORD", server.password());
    environment.put("YIMA_PUBLIC_URL", "http://localhost:" + port);
    environment.put("YIMA_MASTER_KEYSET", keyset.reveal());
    environment.put("YIMA_OPERATOR_KEY", YimaTestResource.OPERATOR_KEY);
    environment.put("YIMA_WECHAT_BASE_URL", stub.toString());
    environment.put("YIMA_DATA_DIR", directory.resolve("data").toString());
    environment.putAll(settings);
    environment.putAll(more);
    List<String> java = new ArrayList<>(options);
    java.add("-XX:+ExitOnOutOfMemoryError");
    Path log = directory.resolve("node-" + port + ".log");
    return new Node(
        JavaProcess.start(log, environment, java, List.of("-jar", jar.toString())), port);
  }

  /** Starts a node and waits until it is up. */
  Node start(Map<String, String> more) {
    Node node = launch(more);
    node.process().awaitOutput("Listening on:");
    return node;
  }

  /** A running node. */
  record Node(JavaProcess process, int port) implements AutoCloseable {

    /**
     * How many pieces of work failed in a way that leaves them to their lease, as its log tells.
     */
    long setBack() {
      return process.output().lines().filter(line -> line.contains(SET_BACK)).count();
    }

    /** Ends it as an operator would, so that it gives its leases back. */
    @Override
    public void close() {
      if (process.isAlive()) {
        process.stop();
      }
    }
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
