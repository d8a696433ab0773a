package io.yima.observability;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.yima.database.WorkerDatabase;
import io.yima.observability.SnapshotHolder.Kind;
import io.yima.work.CheckedSetting;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import org.jboss.logging.Logger;

/**
 * Watches for snapshots that hold back vacuum, once a minute: as long as there is one, dead entries
 * pile up at the head of the index of due work, and every claim has to pass them. What makes such a
 * snapshot is not ours as a rule: a forgotten session, a prepared transaction, a replication slot.
 */
@ApplicationScoped
class OldSnapshots {

  private static final Logger LOG = Logger.getLogger(OldSnapshots.class);

  /**
   * Of sessions, those that can hold back this database: its own and a standby's, but no vacuum,
   * which PostgreSQL does not count. A session tells its snapshot only to those who may read all
   * statistics.
   */
  private static final String HOLDERS =
      """
      select 'SESSION' as kind,
        concat_ws(' ', pid, usename, application_name, client_addr, state) as name,
        extract(epoch from clock_timestamp() - coalesce(xact_start, backend_start)) as seconds,
        greatest(age(backend_xmin), age(backend_xid)) as transactions,
        null as horizon
      from pg_stat_activity
      where (backend_xmin is not null or backend_xid is not null)
        and (datname = current_database() or datid is null)
        and backend_type <> 'autovacuum worker' and pid <> pg_backend_pid()
      union all
      select 'PREPARED_TRANSACTION', gid, extract(epoch from clock_timestamp() - prepared),
        age(transaction), null
      from pg_prepared_xacts where database = current_database()
      union all
      select 'REPLICATION_SLOT', slot_name, 0, age(xmin), xmin::text
      from pg_replication_slots where xmin is not null
      """;

  private static final String SEES_ALL =
      "select pg_has_role(current_user, 'pg_read_all_stats', 'USAGE')";

  /** Where a slot stood when it was first seen there, by {@link System#nanoTime()}. */
  private record Standstill(String horizon, long since) {}

  private final WorkerDatabase database;
  private final MeterRegistry meters;
  private final Duration alarmAfter;
  private final Map<String, Standstill> slots = new HashMap<>();
  private volatile List<SnapshotHolder> holders = List.of();
  private volatile double alarm = Double.NaN;
  private volatile double seesAll = Double.NaN;

  OldSnapshots(WorkerDatabase database, MeterRegistry meters, SnapshotConfig config) {
    this.database = database;
    this.meters = meters;
    this.alarmAfter =
        CheckedSetting.positive("YIMA_DATABASE_SNAPSHOT_ALARM_AFTER", config.snapshotAlarmAfter());
  }

  void register(@Observes StartupEvent started) {
    for (Kind kind : Kind.values()) {
      gauge(
          "yima_database_oldest_xmin_seconds",
          "Age of the oldest snapshot that holds back vacuum",
          kind,
          holder -> holder.age().toMillis() / 1e3);
      gauge(
          "yima_database_oldest_xmin_transactions",
          "Transactions that began since the oldest snapshot that holds back vacuum",
          kind,
          SnapshotHolder::transactions);
    }
    Gauge.builder("yima_database_oldest_xmin_alarm", () -> alarm)
        .description("1 while a snapshot that holds back vacuum is too old")
        .register(meters);
    Gauge.builder("yima_database_statistics_visible", () -> seesAll)
        .description(
            "1 where snapshots of sessions are seen, 0 where PostgreSQL hides them from yima_worker")
        .register(meters);
  }

  private void gauge(
      String name, String description, Kind kind, ToDoubleFunction<SnapshotHolder> value) {
    Gauge.builder(name, () -> largest(kind, value))
        .description(description)
        .tag("holder", kind.label())
        .register(meters);
  }

  private double largest(Kind kind, ToDoubleFunction<SnapshotHolder> value) {
    return Double.isNaN(alarm)
        ? Double.NaN
        : holders.stream()
            .filter(holder -> holder.kind() == kind)
            .mapToDouble(value)
            .max()
            .orElse(0);
  }

  @Scheduled(every = "1m", delayed = "10s", identity = "old-snapshots")
  void sample() {
    try {
      if (Double.isNaN(seesAll)) {
        findOutWhatIsSeen();
      }
      holders = database.statement(this::holders);
      alarm = warn() ? 1 : 0;
    } catch (RuntimeException e) {
      // Figures of before the failure would look like calm.
      alarm = Double.NaN;
      LOG.warn("What holds back vacuum could not be found out");
    }
  }

  private boolean warn() {
    Optional<SnapshotHolder> oldest =
        holders.stream()
            .filter(holder -> holder.age().compareTo(alarmAfter) >= 0)
            .max(Comparator.comparing(SnapshotHolder::age));
    oldest.ifPresent(
        holder ->
            LOG.warnf(
                "A %s (%s) has held back vacuum for %d s and %d transactions; claims of due work"
                    + " grow slower with every minute of it. To end it: %s",
                holder.kind().label().replace('_', ' '),
                holder.name(),
                holder.age().toSeconds(),
                holder.transactions(),
                holder.kind().remedy()));
    return oldest.isPresent();
  }

  private void findOutWhatIsSeen() {
    boolean all =
        database.statement(
            connection -> {
              try (PreparedStatement select = connection.prepareStatement(SEES_ALL);
                  ResultSet row = select.executeQuery()) {
                row.next();
                return row.getBoolean(1);
              }
            });
    seesAll = all ? 1 : 0;
    if (!all) {
      LOG.info(
          "Old snapshots of sessions cannot be seen: grant pg_read_all_stats to yima_worker, as"
              + " deploy/postgresql/roles.sql does");
    }
  }

  private List<SnapshotHolder> holders(java.sql.Connection connection) throws SQLException {
    List<SnapshotHolder> found = new ArrayList<>();
    Map<String, Standstill> seen = new HashMap<>();
    try (PreparedStatement select = connection.prepareStatement(HOLDERS);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        Kind kind = Kind.valueOf(row.getString("kind"));
        String name = row.getString("name");
        double seconds =
            kind == Kind.REPLICATION_SLOT
                ? standingStill(name, row.getString("horizon"), seen)
                : row.getDouble("seconds");
        Duration age = Duration.ofMillis(Math.max(0, Math.round(seconds * 1e3)));
        found.add(new SnapshotHolder(kind, name, age, row.getLong("transactions")));
      }
    }
    slots.clear();
    slots.putAll(seen);
    return List.copyOf(found);
  }

  /** PostgreSQL does not tell since when a slot stands where it stands. */
  private double standingStill(String slot, String horizon, Map<String, Standstill> seen) {
    Standstill before = slots.get(slot);
    Standstill now =
        before != null && before.horizon().equals(horizon)
            ? before
            : new Standstill(horizon, System.nanoTime());
    seen.put(slot, now);
    return (System.nanoTime() - now.since()) / 1e9;
  }
}
