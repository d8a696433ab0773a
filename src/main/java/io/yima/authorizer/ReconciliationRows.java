package io.yima.authorizer;

import io.agroal.api.AgroalDataSource;
import io.yima.database.Columns;
import io.yima.database.DatabaseFailed;
import io.yima.database.WorkerDatabase;
import io.yima.provider.ProviderRegistered;
import io.yima.tenancy.ProviderId;
import io.yima.work.LastError;
import io.yima.work.Lease;
import io.yima.work.Node;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where each provider's comparison with WeChat's list stands. */
@ApplicationScoped
class ReconciliationRows {

  static final String DUE =
      """
      exists (select from reconciliation r
        join provider p on p.id = r.provider_id and p.status = 'ACTIVE'
        where r.next_reconcile_at <= ? and (r.lease_until is null or r.lease_until < now()))
      """;

  private static final String DUE_BY =
      """
      insert into reconciliation as r (provider_id, next_reconcile_at, wanted_at)
      select ?, v.at, v.at from (values (?::timestamptz)) as v(at)
      on conflict (provider_id) do update set
        next_reconcile_at = least(r.next_reconcile_at, excluded.next_reconcile_at),
        wanted_at = greatest(r.wanted_at, excluded.wanted_at)
      """;

  /** A step under way writes nothing any more: the list is read from its beginning. */
  private static final String ANEW =
      """
      insert into reconciliation as r (provider_id, next_reconcile_at) values (?, ?)
      on conflict (provider_id) do update set
        next_reconcile_at = excluded.next_reconcile_at, page_offset = 0,
        finished_at = greatest(r.started_at, r.finished_at), generation = r.generation + 1,
        lease_owner = null, lease_until = null, attempts = 0
      """;

  private static final String CLAIM =
      """
      with due as materialized (
        select r.provider_id from reconciliation r join provider p on p.id = r.provider_id
        where r.next_reconcile_at <= ? and (r.lease_until is null or r.lease_until < now())
          and p.status = 'ACTIVE'
        order by r.next_reconcile_at limit ?
        for update of r skip locked)
      update reconciliation r
        set generation = r.generation + 1, lease_owner = ?, lease_until = now() + ?::interval
      from due where r.provider_id = due.provider_id
      returning r.provider_id, r.generation, r.page_offset, r.started_at, r.finished_at,
        r.next_reconcile_at, r.attempts
      """;

  /** Whoever asked for a comparison while this one was under way gets one of his own. */
  private static final String RECORD =
      """
      update reconciliation set page_offset = ?, started_at = ?, finished_at = ?,
        next_reconcile_at =
          case when ?::boolean and wanted_at > ? then least(wanted_at, ?) else ? end,
        attempts = ?, last_error = ?::jsonb, lease_owner = null, lease_until = null
      where provider_id = ? and generation = ?
      """;

  private static final String GIVE_BACK =
      """
      update reconciliation set lease_owner = null, lease_until = null
      where lease_owner = ? and lease_until >= now()
      """;

  private final WorkerDatabase database;
  private final AgroalDataSource api;
  private final Node node;
  private final Clock clock;

  ReconciliationRows(WorkerDatabase database, AgroalDataSource api, Node node, Clock clock) {
    this.database = database;
    this.api = api;
    this.node = node;
    this.clock = clock;
  }

  /** A new provider may have merchants already: they are taken over as soon as may be. */
  void begin(@Observes ProviderRegistered registered) {
    try (Connection connection = api.getConnection()) {
      schedule(connection, DUE_BY, registered.provider(), clock.instant());
    } catch (SQLException e) {
      throw new DatabaseFailed(e);
    }
  }

  /** Compares no later than then. */
  void dueBy(ProviderId provider, Instant at) {
    database.transaction(connection -> schedule(connection, DUE_BY, provider, at));
  }

  /** Compares now, from the list's beginning; once the transaction is committed. */
  static void anew(Connection connection, ProviderId provider, Instant now) throws SQLException {
    schedule(connection, ANEW, provider, now);
  }

  List<ClaimedReconciliation> claim(Instant now, int limit, Lease lease) {
    return database.transaction(
        connection -> {
          try (PreparedStatement claim = connection.prepareStatement(CLAIM)) {
            claim.setObject(1, Columns.of(now));
            claim.setInt(2, limit);
            claim.setString(3, node.name());
            claim.setString(4, lease.interval());
            return claimed(claim, now);
          }
        });
  }

  /** The step is done; the next one is due at once. */
  boolean proceed(ClaimedReconciliation claim, int pageOffset) {
    return record(claim, pageOffset, null, claim.nextReconcileAt(), 0, null);
  }

  boolean finish(ClaimedReconciliation claim, Instant now, Instant next) {
    return record(claim, 0, now, next, 0, null);
  }

  boolean postpone(ClaimedReconciliation claim, LastError error, Instant next) {
    return record(claim, claim.pageOffset(), null, next, claim.attempts() + 1, error.toJson());
  }

  void giveBack() {
    database.transaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(GIVE_BACK)) {
            update.setString(1, node.name());
            return update.executeUpdate();
          }
        });
  }

  private static int schedule(
      Connection connection, String statement, ProviderId provider, Instant at)
      throws SQLException {
    try (PreparedStatement upsert = connection.prepareStatement(statement)) {
      upsert.setObject(1, provider.value());
      upsert.setObject(2, Columns.of(at));
      return upsert.executeUpdate();
    }
  }

  private boolean record(
      ClaimedReconciliation claim,
      int pageOffset,
      @Nullable Instant finishedAt,
      Instant next,
      int attempts,
      @Nullable String lastError) {
    return database.transaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(RECORD)) {
            update.setInt(1, pageOffset);
            update.setObject(2, Columns.of(claim.startedAt()));
            update.setObject(3, Columns.of(finishedAt));
            update.setBoolean(4, finishedAt != null);
            update.setObject(5, Columns.of(claim.startedAt()));
            update.setObject(6, Columns.of(next));
            update.setObject(7, Columns.of(next));
            update.setInt(8, attempts);
            update.setString(9, lastError);
            update.setObject(10, claim.provider().value());
            update.setLong(11, claim.generation());
            return update.executeUpdate() > 0;
          }
        });
  }

  private static List<ClaimedReconciliation> claimed(PreparedStatement claim, Instant now)
      throws SQLException {
    List<ClaimedReconciliation> claimed = new ArrayList<>();
    try (ResultSet rows = claim.executeQuery()) {
      while (rows.next()) {
        claimed.add(ClaimedReconciliation.of(rows, now));
      }
    }
    return claimed;
  }
}
