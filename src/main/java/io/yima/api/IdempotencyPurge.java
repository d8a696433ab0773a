package io.yima.api;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.yima.database.DatabaseFailed;
import io.yima.database.WorkerDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/** Deletes idempotency keys whose day is over, which count for nothing any more. */
@ApplicationScoped
class IdempotencyPurge {

  private static final Logger LOG = Logger.getLogger(IdempotencyPurge.class);
  private static final int BATCH = 1_000;

  private static final String PROVIDERS = "select id from provider";
  private static final String PURGE =
      """
      delete from idempotency_key
      where provider_id = ? and id in (
        select id from idempotency_key
        where provider_id = ? and expires_at <= ?
        limit ?
        for update skip locked)
      """;

  private final WorkerDatabase database;
  private final Clock clock;

  IdempotencyPurge(WorkerDatabase database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Scheduled(
      every = "1h",
      delayed = "15m",
      identity = "idempotency-key-purge",
      concurrentExecution = ConcurrentExecution.SKIP)
  void purgeOnTime() {
    try {
      int purged = purge();
      if (purged > 0) {
        LOG.infof("%d idempotency keys whose day is over were deleted", purged);
      }
    } catch (DatabaseFailed e) {
      LOG.warn("Old idempotency keys could not be deleted; tried again in an hour", e);
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
            delete.setObject(3, clock.instant().atOffset(ZoneOffset.UTC));
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
            providers.add(IdempotentRequest.NOBODY.value());
            while (row.next()) {
              providers.add(row.getObject(1, UUID.class));
            }
            return providers;
          }
        });
  }
}
