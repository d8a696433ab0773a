package io.yima.packaged;

import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A node that faults befall: its process comes and goes, its port, its way to the database and the
 * names by which the database and the sandbox know it stay.
 */
final class FaultyNode implements AutoCloseable {

  /** A time in which the process stood still without knowing it. */
  record Pause(Instant from, Instant until) {}

  private final PackagedYima yima;
  private final String name;
  private final int port;
  private final PostgresProxy proxy;
  private final Map<String, String> settings;
  private final List<Pause> pauses = new CopyOnWriteArrayList<>();
  private JavaProcess process;

  /**
   * @param name what its sessions are called in the database
   * @param weChatHost what it calls the sandbox's host: no other node may call it so
   */
  FaultyNode(
      PackagedYima yima,
      String name,
      int port,
      String weChatHost,
      SqlMutation mutation,
      Map<String, String> settings) {
    this.yima = yima;
    this.name = name;
    this.port = port;
    this.proxy = new PostgresProxy(yima.database().jdbcUrl(), mutation);
    this.settings = new HashMap<>(settings);
    this.settings.put("QUARKUS_DATASOURCE_JDBC_URL", proxy.jdbcUrl() + "&ApplicationName=" + name);
    this.settings.put(
        "YIMA_WECHAT_BASE_URL", yima.sandbox().address().replace("127.0.0.1", weChatHost));
  }

  String name() {
    return name;
  }

  int port() {
    return port;
  }

  PostgresProxy proxy() {
    return proxy;
  }

  JavaProcess process() {
    return process;
  }

  List<Pause> pauses() {
    return pauses;
  }

  /** Starts it, without waiting until it is ready. */
  void launch() {
    process = yima.launch(port, settings);
  }

  void awaitReady() {
    yima.awaitReady(port, process);
  }

  void restart() {
    launch();
    awaitReady();
  }

  /** Lets it stand still as long as the other goes on. */
  void pause(Runnable meanwhile) {
    Instant from = Instant.now();
    process.pause();
    try {
      meanwhile.run();
    } finally {
      // Noted before it goes on: what it does from then on is to be judged.
      pauses.add(new Pause(from, Instant.now()));
      process.resume();
    }
  }

  @Override
  public void close() throws IOException {
    if (process != null) {
      process.close();
    }
    proxy.close();
  }
}
