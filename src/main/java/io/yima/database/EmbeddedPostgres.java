package io.yima.database;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
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
import java.util.concurrent.locks.LockSupport;

/**
 * A PostgreSQL of our own, for those who set no JDBC URL: durable, loopback only, in a fixed
 * directory that is never wiped. One at a time may use the directory; a server that a killed Yima
 * left behind is adopted.
 */
public final class EmbeddedPostgres implements AutoCloseable {

  private static final String SUPERUSER = "postgres";
  private static final String OWNER = "yima";
  private static final String DATABASE = "yima";

  /** Where postmaster.pid tells the port. */
  private static final int PORT_LINE = 3;

  /** SQLSTATE cannot_connect_now. */
  private static final String STARTING_UP = "57P03";

  /**
   * Durability is explicit, whatever a configuration file says: a token that WeChat gives only once
   * must survive a power cut.
   */
  private static final String SERVER_OPTIONS =
      String.join(
          " -c ",
          "-c listen_addresses=127.0.0.1",
          "unix_socket_directories=''",
          "fsync=on",
          "synchronous_commit=on",
          "full_page_writes=on",
          "max_connections=100",
          "timezone=UTC",
          "log_timezone=UTC");

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
      Optional<Integer> running = adopt(binaries, data, password);
      int port = running.isPresent() ? running.get() : launch(binaries, home, data);
      EmbeddedPostgres server = new EmbeddedPostgres(binaries, data, password, lock, port);
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
    return jdbcUrl(port, DATABASE);
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
    try {
      run(stopCommand(), "pg_ctl stop");
    } finally {
      lock.channel().close();
    }
  }

  private static FileLock lock(Path file) throws IOException {
    FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        return lock;
      }
    } catch (OverlappingFileLockException e) {
      // This very process holds it: the same answer.
    }
    channel.close();
    throw new IOException("another Yima already uses this directory");
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

  /** The port of a server that a killed Yima left running in this directory. */
  private static Optional<Integer> adopt(PostgresBinaries binaries, Path data, String password)
      throws IOException {
    Path pidFile = data.resolve("postmaster.pid");
    if (!Files.exists(pidFile) || !isRunning(binaries, data)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(pidFile);
    if (lines.size() <= PORT_LINE) {
      return Optional.empty();
    }
    int port = Integer.parseInt(lines.get(PORT_LINE).strip());
    // The file may be stale and its process number somebody else's by now: only an answer counts.
    return answers(port, password) ? Optional.of(port) : Optional.empty();
  }

  private static boolean isRunning(PostgresBinaries binaries, Path data) throws IOException {
    Process status = binaries.command("pg_ctl", "status", "-D", data.toString()).start();
    return status.onExit().join().exitValue() == 0;
  }

  /** A server that still recovers from a crash is given some time. */
  private static boolean answers(int port, String password) {
    for (int attempt = 0; attempt < 50; attempt++) {
      try {
        DriverManager.getConnection(jdbcUrl(port, "postgres"), SUPERUSER, password).close();
        return true;
      } catch (SQLException e) {
        if (!STARTING_UP.equals(e.getSQLState())) {
          return false;
        }
        LockSupport.parkNanos(Duration.ofMillis(200).toNanos());
      }
    }
    return false;
  }

  private static int launch(PostgresBinaries binaries, Path home, Path data) throws IOException {
    int port = freePort();
    // pg_ctl makes the server a session of its own: Ctrl-C must reach Yima first, which stops the
    // server when it no longer needs it.
    run(
        binaries.command(
            "pg_ctl",
            "start",
            "-w",
            "-t",
            "60",
            "-D",
            data.toString(),
            "-l",
            home.resolve("server.log").toString(),
            "-o",
            "-p " + port + " " + SERVER_OPTIONS),
        "pg_ctl start");
    return port;
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void createDatabase() throws SQLException {
    try (Connection connection =
            DriverManager.getConnection(jdbcUrl(port, "postgres"), SUPERUSER, password);
        Statement statement = connection.createStatement()) {
      if (!exists(connection, "select 1 from pg_roles where rolname = ?", OWNER)) {
        // A utility statement takes no parameters; the password is hexadecimal digits of ours.
        statement.execute("create role " + OWNER + " login createrole password '" + password + "'");
      }
      // To be handed on to the worker's role, which is to see every session.
      statement.execute("grant pg_read_all_stats to " + OWNER + " with inherit false, admin true");
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

  private static String jdbcUrl(int port, String database) {
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
