package io.yima.security;

import io.yima.database.DatabaseFailed;
import io.yima.database.WorkerDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jboss.logging.Logger;

/** Keeps {@code last_used_at}, to the minute and beside the request. */
@ApplicationScoped
class KeyUse {

  private static final Logger LOG = Logger.getLogger(KeyUse.class);
  private static final Duration GRAIN = Duration.ofMinutes(1);
  private static final String TOUCH =
      """
      update api_key set last_used_at = ?
      where id = ? and (last_used_at is null or last_used_at <= ?)
      """;

  private final WorkerDatabase database;
  private final Set<UUID> underWay = ConcurrentHashMap.newKeySet();

  KeyUse(WorkerDatabase database) {
    this.database = database;
  }

  void used(AuthenticatedKey key, Instant now) {
    UUID id = key.id();
    Instant last = key.lastUsedAt();
    if (id == null || (last != null && last.isAfter(now.minus(GRAIN))) || !underWay.add(id)) {
      return;
    }
    Thread.ofVirtual().name("key-use").start(() -> record(id, now));
  }

  private void record(UUID id, Instant now) {
    try {
      database.transaction(
          connection -> {
            try (PreparedStatement update = connection.prepareStatement(TOUCH)) {
              update.setObject(1, now.atOffset(ZoneOffset.UTC));
              update.setObject(2, id);
              update.setObject(3, now.minus(GRAIN).atOffset(ZoneOffset.UTC));
              return update.executeUpdate();
            }
          });
    } catch (DatabaseFailed e) {
      LOG.debugf(e, "The last use of key %s was not recorded", id);
    } finally {
      underWay.remove(id);
    }
  }
}
