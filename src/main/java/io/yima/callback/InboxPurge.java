package io.yima.callback;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.yima.database.DatabaseFailed;
import io.yima.database.WorkerDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Deletes what was handled long ago. Every node may; rows that one deletes are gone for others. */
@ApplicationScoped
class InboxPurge {

  private static final Logger LOG = Logger.getLogger(InboxPurge.class);
  private static final Duration KEPT = Duration.ofDays(30);
  private static final int BATCH = 1_000;

  private static final String PROVIDERS = "select id from provider";
  private static final String PURGE =
      """
      delete from callback_inbox
      where provider_id = ? and id in (
        select id from callback_inbox
        where provider_id = ? and received_at < ? and handled_at is not null
        limit ?
        for update skip locked)
      """;

  private final WorkerDatabase database;
  private final Clock clock;

  InboxPurge(WorkerDatabase database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Scheduled(
      every = "1h",
      delayed = "10m",
      identity = "callback-inbox-purge",
      concurrentExecution = ConcurrentExecution.SKIP)
  void purgeOnTime() {
    try {
      int purged = purge();
      if (purged > 0) {
        LOG.infof("%d handled pushes older than %d days were deleted", purged, KEPT.toDays());
      }
    } catch (DatabaseFailed e) {
      LOG.warn("Old pushes could not be deleted; tried again in an hour", e);
    }
  }

  int purge() {
    int purged = 0;
    for (UUID provider : providers()) {
      int batch = BATCH;
      while (batch == BATCH) {
        batch = purge(provider);
        purged += batch;
      }
    }
    return purged;
  }

  private int purge(UUID provider) {
    return database.transaction(
        connection -> {
          try (PreparedStatement delete = connection.prepareStatement(PURGE)) {
            delete.setObject(1, provider);
            delete.setObject(2, provider);
            delete.setObject(3, clock.instant().minus(KEPT).atOffset(ZoneOffset.UTC));
            delete.setInt(4, BATCH);
            return delete.executeUpdate();
          }
        });
  }

  private List<UUID> providers() {
    return database.transaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(PROVIDERS);
              ResultSet row = select.executeQuery()) {
            List<UUID> providers = new ArrayList<>();
            while (row.next()) {
              providers.add(row.getObject(1, UUID.class));
            }
            return providers;
          }
        });
  }
}
