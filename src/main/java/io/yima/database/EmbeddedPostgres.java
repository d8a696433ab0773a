package io.yima.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * A PostgreSQL of our own, for those who set no JDBC URL: durable, loopback only, in a fixed
 * directory that is never wiped. One at a time may use the directory; a server that a killed Yima
 * left behind is adopted.
 */
public final class EmbeddedPostgres implements AutoCloseable {

  private static final String SUPERUSER = "postgres";
  private static final String OWNER = "yima";
  private static final String DATABASE = "yima";
  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private final PostgresBinaries binaries;
  private final Path data;
  private final String password;
  private final FileLock lock;
  private final int port;

  private EmbeddedPostgres(
      PostgresBinaries binaries, Path data, String password, FileLock lock, int port) {
    this.binaries = binaries;
    this.data = data;
    this.password = password;
    this.lock = lock;
    this.port = port;
  }

  /**
   * Starts the server of a directory, or adopts the one that still runs there. Throws {@link
   * IllegalStateException} with the remedy when it cannot.
   */
  public static EmbeddedPostgres start(Path directory) {
    try {
      Path home = Files.createDirectories(directory.toAbsolutePath().normalize());
      FileLock lock = lock(home.resolve("lock"));
      PostgresBinaries binaries = PostgresBinaries.unpack(home);
      Path data = home.resolve("data");
      String password = password(home.resolve("password"));
      if (!Files.exists(data.resolve("PG_VERSION"))) {
        initialize(binaries, home, data);
      }
      binaries.requireSameMajor(data);
      int port = adopt(binaries, data).orElseGet(() -> launch(binaries, home, data));
      EmbeddedPostgres server = new EmbeddedPostgres(binaries, data, password, lock, port);
      server.awaitReady();
      server.createDatabase();
      return server;
    } catch (IOException | SQLException e) {
      throw new IllegalStateException(
          "The embedded PostgreSQL in "
              + directory
              + " does not start: "
              + e.getMessage()
              + ". Set QUARKUS_DATASOURCE_JDBC_URL to use a server of your own.",
          e);
    }
  }

  public String jdbcUrl() {
    return jdbcUrl(DATABASE);
  }

  public String username() {
    return OWNER;
  }

  public String password() {
    return password;
  }

  /** The command that stops the server, for a place that must not load classes of ours. */
  public ProcessBuilder stopCommand() {
    return binaries.command("pg_ctl", "stop", "-D", data.toString(), "-m", "fast", "-w");
  }

  /** Stops the server; its data stays. */
  @Override
  public void close() throws IOException {
    run(stopCommand(), "pg_ctl stop");
    lock.channel().close();
  }

  private static FileLock lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    FileLock lock = channel.tryLock();
    if (lock == null) {
      channel.close();
      throw new IOException("another Yima already uses this directory");
    }
    return lock;
  }

  private static String password(Path file) throws IOException {
    if (!Files.exists(file)) {
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      PrivateFile.write(file, HexFormat.of().formatHex(random));
    }
    return Files.readString(file).strip();
  }

  private static void initialize(PostgresBinaries binaries, Path home, Path data)
      throws IOException {
    binaries.own(Files.createDirectories(data));
    binaries.own(home.resolve("password"));
    run(
        binaries.command(
            "initdb",
            "--pgdata=" + data,
            "--username=" + SUPERUSER,
            "--pwfile=" + home.resolve("password"),
            "--auth=scram-sha-256",
            "--encoding=UTF8",
            "--locale=C"),
        "initdb");
  }

  /** The port of a server that still runs in this directory. */
  private static Optional<Integer> adopt(PostgresBinaries binaries, Path data) throws IOException {
    Path pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile)
        || binaries
                .command("pg_ctl", "status", "-D", data.toString())
                .start()
                .onExit()
                .join()
                .exitValue()
            != 0) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(pidFile);
    return lines.size() > 3 ? Optional.of(Integer.valueOf(lines.get(3).strip())) : Optional.empty();
  }

  private static int launch(PostgresBinaries binaries, Path home, Path data) {
    try {
      int port = freePort();
      ProcessBuilder server =
          binaries.command(
              "postgres",
              "-D",
              data.toString(),
              "-p",
              Integer.toString(port),
              "-c",
              "listen_addresses=127.0.0.1",
              "-c",
              "unix_socket_directories=",
              // Explicit, whatever a configuration file says: a token that WeChat gave only once
              // must survive a power cut.
              "-c",
              "fsync=on",
              "-c",
              "synchronous_commit=on",
              "-c",
              "full_page_writes=on",
              "-c",
              "max_connections=60",
              "-c",
              "timezone=UTC",
              "-c",
              "log_timezone=UTC");
      server.redirectErrorStream(true);
      server.redirectOutput(ProcessBuilder.Redirect.appendTo(home.resolve("server.log").toFile()));
      server.start();
      return port;
    } catch (IOException e) {
      throw new IllegalStateException("postgres could not be started", e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady() throws SQLException {
    long limit = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      try {
        connect(SUPERUSER).close();
        return;
      } catch (SQLException e) {
        if (System.nanoTime() - limit > 0) {
          throw e;
        }
        pause();
      }
    }
  }

  private static void pause() {
    try {
      Thread.sleep(Duration.ofMillis(50));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while PostgreSQL was starting", e);
    }
  }

  private void createDatabase() throws SQLException {
    try (Connection connection = connect(SUPERUSER);
        Statement statement = connection.createStatement()) {
      if (!exists(connection, "select 1 from pg_roles where rolname = ?", OWNER)) {
        // A utility statement takes no parameters; the password is hexadecimal digits of ours.
        statement.execute("create role " + OWNER + " login createrole password '" + password + "'");
      }
      if (!exists(connection, "select 1 from pg_database where datname = ?", DATABASE)) {
        statement.execute("create database " + DATABASE + " owner " + OWNER);
      }
    }
  }

  private static boolean exists(Connection connection, String question, String name)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(question)) {
      select.setString(1, name);
      try (ResultSet row = select.executeQuery()) {
        return row.next();
      }
    }
  }

  private Connection connect(String user) throws SQLException {
    return DriverManager.getConnection(jdbcUrl("postgres"), user, password);
  }

  private String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  static void run(ProcessBuilder command, String name) throws IOException {
    Process process = command.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int exit = process.onExit().join().exitValue();
    if (exit != 0) {
      throw new IOException(name + " failed with " + exit + ": " + output.strip());
    }
  }
}
