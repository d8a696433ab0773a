package io.yima.api;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.yima.database.DatabaseFailed;
import io.yima.database.WorkerDatabase;
import io.yima.work.TenantPurge;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import org.jboss.logging.Logger;

/** Deletes idempotency keys whose day is over, which count for nothing any more. */
@ApplicationScoped
class IdempotencyPurge {

  private static final Logger LOG = Logger.getLogger(IdempotencyPurge.class);

  private static final String PURGE =
      """
      delete from idempotency_key
      where provider_id = ? and id in (
        select id from idempotency_key
        where provider_id = ? and expires_at <= ?
        limit ?
        for update skip locked)
      """;

  private final TenantPurge purge;
  private final Clock clock;

  IdempotencyPurge(WorkerDatabase database, Clock clock) {
    purge = new TenantPurge(database, PURGE, IdempotentRequest.NOBODY.value());
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
    return purge.deleteBefore(clock.instant());
  }
}
