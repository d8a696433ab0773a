package io.yima.callback;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.yima.database.DatabaseFailed;
import io.yima.database.WorkerDatabase;
import io.yima.work.TenantPurge;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import org.jboss.logging.Logger;

/** Deletes what was handled long ago. */
@ApplicationScoped
class InboxPurge {

  private static final Logger LOG = Logger.getLogger(InboxPurge.class);
  private static final Duration KEPT = Duration.ofDays(30);

  private static final String PURGE =
      """
      delete from callback_inbox
      where provider_id = ? and id in (
        select id from callback_inbox
        where provider_id = ? and received_at < ? and handled_at is not null
        limit ?
        for update skip locked)
      """;

  private final TenantPurge purge;
  private final Clock clock;

  InboxPurge(WorkerDatabase database, Clock clock) {
    purge = new TenantPurge(database, PURGE);
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
    return purge.deleteBefore(clock.instant().minus(KEPT));
  }
}
