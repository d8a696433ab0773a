package io.yima.security.audit;

import io.quarkus.runtime.Startup;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.yima.database.DatabaseFailed;
import io.yima.database.WorkerDatabase;
import jakarta.inject.Singleton;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import org.jboss.logging.Logger;

/**
 * Deletes what is older than the retention: reads of tokens never stop, and a table must not grow
 * for ever. The only thing that may; requests have no right to it. Every node may do it at once.
 */
@Startup
@Singleton
class AuditPurge {

  private static final Logger LOG = Logger.getLogger(AuditPurge.class);
  private static final int BATCH = 1_000;
  private static final Duration SHORTEST = Duration.ofDays(1);
  private static final Duration LONGEST = Duration.ofDays(36_500);

  private static final String ACROSS_TENANTS_PURGE =
      """
      delete from audit_event where (provider_id, id) in (
        select provider_id, id from audit_event where at < ?
        order by at limit ?
        for update skip locked)
      """;

  private final WorkerDatabase database;
  private final Clock clock;
  private final Duration retention;

  AuditPurge(WorkerDatabase database, Clock clock, AuditConfig config) {
    this.database = database;
    this.clock = clock;
    retention = checked(config.retention());
  }

  @Scheduled(
      every = "1h",
      delayed = "15m",
      identity = "audit-purge",
      concurrentExecution = ConcurrentExecution.SKIP)
  void purgeOnTime() {
    try {
      int purged = purge();
      if (purged > 0) {
        LOG.infof("%d audit events older than %d days were deleted", purged, retention.toDays());
      }
    } catch (DatabaseFailed e) {
      LOG.warn("Old audit events could not be deleted; tried again in an hour", e);
    }
  }

  int purge() {
    Instant before = clock.instant().minus(retention);
    int purged = 0;
    int batch = BATCH;
    while (batch == BATCH) {
      batch = purge(before);
      purged += batch;
    }
    return purged;
  }

  private int purge(Instant before) {
    return database.transaction(
        connection -> {
          try (PreparedStatement delete = connection.prepareStatement(ACROSS_TENANTS_PURGE)) {
            delete.setObject(1, before.atOffset(ZoneOffset.UTC));
            delete.setInt(2, BATCH);
            return delete.executeUpdate();
          }
        });
  }

  static Duration checked(Duration retention) {
    if (retention.compareTo(SHORTEST) < 0 || retention.compareTo(LONGEST) > 0) {
      throw new IllegalStateException(
          "YIMA_AUDIT_RETENTION is %s but must be between a day and a hundred years, such as P400D."
              .formatted(retention));
    }
    return retention;
  }
}
