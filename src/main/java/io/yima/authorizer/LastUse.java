package io.yima.authorizer;

import io.yima.database.Columns;
import io.yima.database.WorkerDatabase;
import io.yima.tenancy.AuthorizerId;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Notes when tokens were last used, to the minute, many in one statement and behind the readers'
 * backs. What a dying node had not written yet is lost, which nothing depends on.
 */
@ApplicationScoped
class LastUse {

  private static final Logger LOG = Logger.getLogger(LastUse.class);
  private static final Duration PRECISION = Duration.ofMinutes(1);
  private static final Duration GATHER = Duration.ofSeconds(1);
  private static final int BOUND = 10_000;

  private static final String WRITE =
      """
      update authorizer_token t set last_used_at = ?, in_use = true
      from unnest(?::uuid[], ?::text[]) as v(provider_id, authorizer_appid)
      where t.provider_id = v.provider_id and t.authorizer_appid = v.authorizer_appid
      """;

  private final WorkerDatabase database;
  private final Set<AuthorizerId> used = ConcurrentHashMap.newKeySet();
  private final AtomicBoolean gathering = new AtomicBoolean();

  LastUse(WorkerDatabase database) {
    this.database = database;
  }

  void note(AuthorizerId id, @Nullable Instant lastUsedAt, Instant now) {
    if ((lastUsedAt != null && lastUsedAt.plus(PRECISION).isAfter(now)) || used.size() >= BOUND) {
      return;
    }
    used.add(id);
    if (gathering.compareAndSet(false, true)) {
      Thread.ofVirtual().name("last-use").start(() -> gatherAndWrite(now));
    }
  }

  private void gatherAndWrite(Instant now) {
    LockSupport.parkNanos(GATHER.toNanos());
    gathering.set(false);
    List<AuthorizerId> ids =
        used.stream()
            .sorted(
                Comparator.<AuthorizerId, UUID>comparing(id -> id.provider().value())
                    .thenComparing(AuthorizerId::authorizerAppid))
            .toList();
    ids.forEach(used::remove);
    try {
      write(ids, now);
    } catch (RuntimeException e) {
      // Without its database, or stopping: nothing depends on it.
      LOG.warnf("the last use of %d tokens was not noted", ids.size());
    }
  }

  private void write(List<AuthorizerId> ids, Instant now) {
    database.transaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(WRITE)) {
            update.setObject(1, Columns.of(now));
            MerchantArrays.bind(update, 2, ids);
            return update.executeUpdate();
          }
        });
  }
}
