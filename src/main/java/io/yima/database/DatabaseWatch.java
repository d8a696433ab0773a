package io.yima.database;

import io.agroal.api.AgroalDataSource;
import io.agroal.api.AgroalDataSource.FlushMode;
import io.agroal.api.configuration.AgroalConnectionFactoryConfiguration;
import io.agroal.api.security.NamePrincipal;
import io.agroal.api.security.SimplePassword;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Knows within two seconds that the database is gone, also when it just no longer answers: asks it
 * something small, several times a second while there are requests, on a connection of its own.
 * Statements that wait for it on a pool's connection are then ended with an exception, as if the
 * server had gone away.
 */
@ApplicationScoped
public class DatabaseWatch {

  private static final Logger LOG = Logger.getLogger(DatabaseWatch.class);

  /** SQLSTATE sqlclient_unable_to_establish_sqlconnection. */
  private static final String CANNOT_CONNECT = "08001";

  /** Together they leave the contract's two seconds a margin. */
  private static final Duration PAUSE = Duration.ofMillis(250);

  private static final Duration PATIENCE = Duration.ofSeconds(1);

  /** Between questions of a node that nobody wants anything of. */
  private static final Duration IDLE_PAUSE = Duration.ofSeconds(5);

  /** Longer than any request takes: so long somebody may still wait for the database. */
  private static final Duration REQUEST = Duration.ofSeconds(30);

  private final AgroalDataSource api;
  private final AgroalDataSource worker;
  private final PooledConnections pooled;
  private final Thread thread;
  private volatile boolean reachable = true;
  private volatile boolean stopped;
  private volatile boolean resting;
  private volatile long wantedAt = System.nanoTime();
  private volatile long answeredAt = System.nanoTime();
  private @Nullable Connection connection;

  DatabaseWatch(
      AgroalDataSource api,
      @DataSource("worker") AgroalDataSource worker,
      @DataSource("worker") PooledConnections pooled) {
    this.api = api;
    this.worker = worker;
    this.pooled = pooled;
    this.thread = Thread.ofPlatform().daemon().name("database-watch").unstarted(this::watch);
  }

  void start(@Observes @Priority(10) StartupEvent started) {
    thread.start();
  }

  /** Last of all: what stops still needs the database. */
  void stop(@Observes @Priority(100_000) ShutdownEvent ended) {
    stopped = true;
    LockSupport.unpark(thread);
  }

  /** A request is about to need the database: from now on it is asked often for a while. */
  public void expectUse() {
    wantedAt = System.nanoTime();
    if (resting) {
      LockSupport.unpark(thread);
    }
  }

  /** The database answered somebody else: while nobody waits for it, that is as good. */
  void answered() {
    answeredAt = System.nanoTime();
  }

  /** Whether the database answered when it was asked last. */
  public boolean isReachable() {
    return reachable;
  }

  /** Throws {@link DatabaseFailed} while the database is known to be gone, instead of waiting. */
  public void requireReachable() {
    if (!reachable) {
      throw new DatabaseFailed(new SQLException("The database does not answer", CANNOT_CONNECT));
    }
  }

  private void watch() {
    while (!stopped) {
      try {
        tell(answers());
      } catch (RuntimeException e) {
        // Without this thread a database that comes back would never be noticed.
        LOG.error("The pools could not be told how the database is", e);
      }
      LockSupport.parkNanos(PAUSE.toNanos());
      rest();
    }
    forget();
  }

  /**
   * The first request after a rest ends it, and finds out as soon as any other. As long as the
   * background's statements are answered the rest goes on.
   */
  private void rest() {
    long wanted = wantedAt;
    long left = restAfterAnswer();
    while (left > 0 && reachable && !stopped && System.nanoTime() - wanted > REQUEST.toNanos()) {
      resting = true;
      if (wantedAt == wanted) {
        LockSupport.parkNanos(left);
      }
      resting = false;
      wanted = wantedAt;
      left = restAfterAnswer();
    }
  }

  private long restAfterAnswer() {
    return answeredAt + IDLE_PAUSE.minus(PAUSE).toNanos() - System.nanoTime();
  }

  private void tell(boolean answered) {
    if (answered == reachable) {
      if (!answered) {
        // Whatever was opened or taken from a pool since the last time hangs as well.
        pooled.abort();
      }
      return;
    }
    reachable = answered;
    if (answered) {
      LOG.info("The database answers again");
    } else {
      LOG.warn("The database does not answer; requests are refused until it does");
      pooled.abort();
    }
    api.flush(FlushMode.INVALID);
    worker.flush(FlushMode.INVALID);
  }

  /** A connection that broke may have been alone in that: then a new one tells. */
  private boolean answers() {
    long start = System.nanoTime();
    if (isAnswered()) {
      return true;
    }
    boolean brokeAtOnce = System.nanoTime() - start < PATIENCE.toNanos() / 2;
    return brokeAtOnce && isAnswered();
  }

  private boolean isAnswered() {
    try {
      Connection current = connection;
      if (current == null) {
        current = connect();
        connection = current;
      }
      try (Statement statement = current.createStatement()) {
        boolean answered = statement.execute("select 1");
        answered();
        return answered;
      }
    } catch (SQLException e) {
      LOG.debug("The database was asked in vain", e);
      forget();
      return false;
    }
  }

  private Connection connect() throws SQLException {
    AgroalConnectionFactoryConfiguration factory =
        worker.getConfiguration().connectionPoolConfiguration().connectionFactoryConfiguration();
    Properties properties = new Properties();
    properties.putAll(factory.jdbcProperties());
    if (factory.principal() instanceof NamePrincipal principal) {
      properties.setProperty("user", principal.getName());
    }
    for (Object credential : factory.credentials()) {
      if (credential instanceof SimplePassword password) {
        properties.setProperty("password", password.getWord());
      }
    }
    String patience = Long.toString(PATIENCE.toSeconds());
    properties.setProperty("connectTimeout", patience);
    properties.setProperty("socketTimeout", patience);
    properties.setProperty("loginTimeout", patience);
    properties.setProperty("ApplicationName", "yima-watch");
    return DriverManager.getConnection(factory.jdbcUrl(), properties);
  }

  private void forget() {
    Connection former = connection;
    connection = null;
    if (former != null) {
      try {
        former.abort(Runnable::run);
      } catch (SQLException e) {
        LOG.debug("A broken connection could not be closed", e);
      }
    }
  }
}
