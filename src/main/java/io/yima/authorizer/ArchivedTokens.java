package io.yima.authorizer;

import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.yima.database.Columns;
import io.yima.database.DatabaseFailed;
import io.yima.database.WorkerDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.time.Clock;
import java.time.Instant;
import org.jboss.logging.Logger;

/**
 * Takes the due times from the tokens of archived providers: nobody refreshes them, and at the head
 * of the index every claim would have to read past them. Every minute what has fallen due since,
 * because a refresh that was under way when its provider was archived sets a time once more.
 */
@ApplicationScoped
class ArchivedTokens {

  private static final Logger LOG = Logger.getLogger(ArchivedTokens.class);
  private static final int BATCH = 1_000;

  static final String LEAVE_ALONE =
      """
      with due as materialized (
        select first.place
        from provider p
          cross join (values (true), (false)) as use (in_use)
          cross join lateral (
            select t.ctid as place
            from authorizer_token t
            where t.provider_id = p.id and t.in_use = use.in_use
              and timezone('UTC', t.next_refresh_at) <= timezone('UTC', ?)
            order by timezone('UTC', t.next_refresh_at) limit ?
            for update skip locked) first
        where p.status = 'ARCHIVED'
        limit ?)
      update authorizer_token t set next_refresh_at = null
      where t.ctid = any (array (select place from due))
      """;

  private final WorkerDatabase database;
  private final Clock clock;

  ArchivedTokens(WorkerDatabase database, Clock clock) {
    this.database = database;
    this.clock = clock;
  }

  @Scheduled(
      every = "1m",
      delayed = "1m",
      identity = "archived-tokens",
      concurrentExecution = ConcurrentExecution.SKIP)
  void leaveAloneOnTime() {
    try {
      leaveAlone();
    } catch (DatabaseFailed e) {
      LOG.warn("Archived providers' tokens stay due; tried again in a minute", e);
    }
  }

  /** Returns how many were due. */
  int leaveAlone() {
    Instant now = clock.instant();
    int left = 0;
    int batch = BATCH;
    while (batch == BATCH) {
      batch = leaveAlone(now);
      left += batch;
    }
    return left;
  }

  private int leaveAlone(Instant now) {
    return database.transaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(LEAVE_ALONE)) {
            update.setObject(1, Columns.of(now));
            update.setInt(2, BATCH);
            update.setInt(3, BATCH);
            return update.executeUpdate();
          }
        });
  }
}
