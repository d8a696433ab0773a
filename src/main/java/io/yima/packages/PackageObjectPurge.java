package io.yima.packages;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.yima.database.DatabaseFailed;
import io.yima.database.WorkerDatabase;
import io.yima.packages.PackageObjects.Left;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Deletes from the directory or bucket what no package names: what a node put there before it died,
 * and what another object took the place of. Every node may do it at once.
 */
@ApplicationScoped
class PackageObjectPurge {

  private static final Logger LOG = Logger.getLogger(PackageObjectPurge.class);
  private static final int BATCH = 100;
  private static final Duration AGAIN = Duration.ofHours(1);

  private final WorkerDatabase database;
  private final CodesSettings settings;
  private final Clock clock;

  PackageObjectPurge(WorkerDatabase database, CodesSettings settings, Clock clock) {
    this.database = database;
    this.settings = settings;
    this.clock = clock;
  }

  @Scheduled(
      every = "1h",
      delayed = "20m",
      identity = "code-package-object-purge",
      concurrentExecution = ConcurrentExecution.SKIP)
  void purgeOnTime() {
    try {
      int purged = purge();
      if (purged > 0) {
        LOG.infof("%d objects that no package of codes names were deleted", purged);
      }
    } catch (DatabaseFailed e) {
      LOG.warn("Objects that no package of codes names stay; tried again in an hour", e);
    }
  }

  int purge() {
    int purged = 0;
    List<Left> batch;
    do {
      Instant now = clock.instant();
      batch =
          database.transaction(
              connection -> PackageObjects.doom(connection, BATCH, now, now.plus(AGAIN)));
      for (Left object : batch) {
        if (discard(object)) {
          purged += database.transaction(connection -> PackageObjects.deleted(connection, object));
        }
      }
    } while (batch.size() == BATCH);
    return purged;
  }

  private boolean discard(Left object) {
    try {
      settings.storeOf(object.place()).discard(object.place());
      return true;
    } catch (CodeStoreFailed e) {
      LOG.warnf(
          "What no package of codes names stays at %s for now (%s)",
          object.place(), e.getMessage());
      return false;
    }
  }
}
