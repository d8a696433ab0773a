package io.yima.work;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.yima.database.DatabaseFailed;
import io.yima.database.WorkerDatabase;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;

/**
 * Lets operators see that this node runs: an entry made at start, renewed twice a minute, and
 * closed when it stops. Entries that nobody renewed for a week are deleted. Nothing is decided by
 * them, so a failure is told and no more.
 */
@ApplicationScoped
class NodePresence {

  private static final Logger LOG = Logger.getLogger(NodePresence.class);
  private static final Duration KEPT = Duration.ofDays(7);

  private static final String SEEN =
      """
      with forgotten as (delete from node where seen_at < ? and name <> ?)
      insert into node (name, version, started_at, seen_at) values (?, ?, ?, ?)
      on conflict on constraint node_pkey do update set seen_at = excluded.seen_at
      """;

  private static final String STOPPED =
      "update node set seen_at = ?, stopped_at = ? where name = ?";

  private final WorkerDatabase database;
  private final Node node;
  private final String version;
  private final Clock clock;
  private final Instant startedAt;

  NodePresence(
      WorkerDatabase database,
      Node node,
      @ConfigProperty(name = "quarkus.application.version") String version,
      Clock clock) {
    this.database = database;
    this.node = node;
    this.version = version;
    this.clock = clock;
    this.startedAt = clock.instant();
  }

  void started(@Observes @Priority(9_000) StartupEvent event) {
    renew();
  }

  @Scheduled(every = "30s", delayed = "30s", identity = "node-presence")
  void renew() {
    tell("seen", this::seen);
  }

  /** Behind the loops, which give their leases back first. */
  void stopped(@Observes @Priority(20) ShutdownEvent event) {
    tell("stopped", this::stopped);
  }

  private void tell(String what, WorkerDatabase.Work<Integer> statement) {
    try {
      database.statement(statement);
    } catch (DatabaseFailed e) {
      LOG.warnf("That this node was %s could not be noted", what);
    }
  }

  private int seen(Connection connection) throws SQLException {
    OffsetDateTime now = time(clock.instant());
    try (PreparedStatement upsert = connection.prepareStatement(SEEN)) {
      upsert.setObject(1, now.minus(KEPT));
      upsert.setString(2, node.name());
      upsert.setString(3, node.name());
      upsert.setString(4, version);
      upsert.setObject(5, time(startedAt));
      upsert.setObject(6, now);
      return upsert.executeUpdate();
    }
  }

  private int stopped(Connection connection) throws SQLException {
    OffsetDateTime now = time(clock.instant());
    try (PreparedStatement update = connection.prepareStatement(STOPPED)) {
      update.setObject(1, now);
      update.setObject(2, now);
      update.setString(3, node.name());
      return update.executeUpdate();
    }
  }

  private static OffsetDateTime time(Instant instant) {
    return instant.atOffset(ZoneOffset.UTC);
  }
}
