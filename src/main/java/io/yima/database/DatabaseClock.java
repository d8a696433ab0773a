package io.yima.database;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import org.jboss.logging.Logger;

/**
 * The clock of all rules: this machine's, corrected by its distance from the database's, measured
 * at start and every minute. Nodes whose clocks are wrong so agree on what is due. In microseconds,
 * as PostgreSQL stores them.
 */
@Singleton
class DatabaseClock extends Clock {

  private static final Logger LOG = Logger.getLogger(DatabaseClock.class);
  private static final Duration WORTH_TELLING = Duration.ofSeconds(1);

  private final AgroalDataSource worker;
  private final Clock machine;
  private volatile Duration offset = Duration.ZERO;

  @Inject
  DatabaseClock(@DataSource("worker") AgroalDataSource worker) {
    this(worker, Clock.systemUTC());
  }

  DatabaseClock(AgroalDataSource worker, Clock machine) {
    this.worker = worker;
    this.machine = machine;
  }

  void start(@Observes @Priority(20) StartupEvent started) throws SQLException {
    measure();
    if (offset.abs().compareTo(WORTH_TELLING) > 0) {
      LOG.warnf("This machine's clock is %s from the database's, which counts", offset.negated());
    }
  }

  @Scheduled(every = "1m", delayed = "1m", identity = "database-clock")
  void measureAgain() {
    try {
      measure();
    } catch (SQLException e) {
      LOG.warn("The database's clock could not be read; the last measure stays", e);
    }
  }

  private void measure() throws SQLException {
    try (Connection connection = worker.getConnection();
        PreparedStatement select = connection.prepareStatement("select clock_timestamp()")) {
      Instant before = machine.instant();
      try (ResultSet row = select.executeQuery()) {
        row.next();
        Instant database = row.getObject(1, OffsetDateTime.class).toInstant();
        Duration roundTrip = Duration.between(before, machine.instant());
        offset = Duration.between(before.plus(roundTrip.dividedBy(2)), database);
      }
    }
  }

  @Override
  public Instant instant() {
    return machine.instant().plus(offset).truncatedTo(ChronoUnit.MICROS);
  }

  @Override
  public ZoneId getZone() {
    return ZoneOffset.UTC;
  }

  @Override
  public Clock withZone(ZoneId zone) {
    return Clock.offset(machine.withZone(zone), offset);
  }
}
