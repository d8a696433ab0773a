package io.yima.packages;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.yima.codes.ApplicationEvent;
import io.yima.codes.ApplicationState;
import io.yima.codes.EventKind;
import io.yima.codes.History;
import io.yima.codes.SyncSettings;
import io.yima.database.WorkerDatabase;
import io.yima.packages.PackageTurn.Result;
import io.yima.quota.QuotaChange;
import io.yima.quota.QuotaChanges;
import io.yima.secrets.Sealer;
import io.yima.wechat.Deadline;
import io.yima.wechat.Urgency;
import io.yima.wechat.WeChatClient;
import io.yima.work.DueWork;
import io.yima.work.LastError;
import io.yima.work.Node;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Fetches the packages of finished applications, each at its own time and once. */
@ApplicationScoped
public class PackageDownloads implements DueWork {

  static final String KIND = "code-packages";

  private static final Logger LOG = Logger.getLogger(PackageDownloads.class);

  /** A package takes some ten megabytes while it is worked on. */
  private static final int AT_ONCE = 2;

  /** What is fetched and cannot be kept costs a call of somebody's quota. */
  private static final Duration WITHOUT_STORE = Duration.ofMinutes(1);

  private final WorkerDatabase database;
  private final PackageCalls calls;
  private final WeChatClient wechat;
  private final CodesSettings settings;
  private final Duration pollEvery;
  private final Sealer sealer;
  private final MeterRegistry registry;
  private final Clock clock;
  private final Node node;

  /** Until when nothing is fetched, because what was fetched could not be kept; for this node. */
  private volatile Instant pausedUntil = Instant.MIN;

  PackageDownloads(
      WorkerDatabase database,
      PackageCalls calls,
      WeChatClient wechat,
      CodesSettings settings,
      SyncSettings sync,
      Sealer sealer,
      MeterRegistry registry,
      Clock clock,
      Node node) {
    this.database = database;
    this.calls = calls;
    this.wechat = wechat;
    this.settings = settings;
    this.pollEvery = sync.pollEvery();
    this.sealer = sealer;
    this.registry = registry;
    this.clock = clock;
    this.node = node;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String dueCondition() {
    return "exists (select 1 from code_package where next_attempt_at <= ?"
        + " and (lease_until is null or lease_until < now()))";
  }

  @Override
  public Duration pollEvery() {
    return pollEvery;
  }

  @Override
  public int concurrency() {
    return Math.min(AT_ONCE, wechat.capacity(Urgency.SYNC));
  }

  @Override
  public List<Runnable> claim(int limit) {
    Deadline deadline = settings.lease().startingNow(Urgency.SYNC);
    Instant now = clock.instant();
    if (now.isBefore(pausedUntil)) {
      return List.of();
    }
    List<ClaimedPackage> claimed =
        database.transaction(
            connection ->
                PackageClaims.due(
                    connection, now, Math.min(limit, AT_ONCE), node.name(), settings.lease()));
    return claimed.stream().map(piece -> work(piece, deadline)).toList();
  }

  @Override
  public void giveBack() {
    database.transaction(connection -> PackageClaims.giveBack(connection, node.name()));
  }

  private Runnable work(ClaimedPackage claimed, Deadline deadline) {
    return () -> record(calls.take(claimed, deadline));
  }

  /** Keeps what was fetched, and records a turn; false when the row is somebody else's by now. */
  boolean record(PackageTurn turn) {
    if (!(turn.result() instanceof Result.Fetched(SealedPackage content))) {
      return record(turn, null);
    }
    @Nullable String place;
    try {
      place = put(turn.claimed(), content);
    } catch (CodeStoreFailed e) {
      LOG.error("A package of codes was fetched and could not be kept", e);
      pausedUntil = clock.instant().plus(WITHOUT_STORE);
      return record(calls.notKept(turn), null);
    }
    return record(turn, place);
  }

  /** Null when the package is somebody else's by now, and nothing was put. */
  private @Nullable String put(ClaimedPackage claimed, SealedPackage content) {
    CodeStore store = settings.store();
    String place = store.place(claimed.packageKey(), claimed.generation());
    boolean ours =
        place.equals(DatabaseStore.PLACE)
            || database.transaction(
                connection -> PackageObjects.intend(connection, claimed, place, clock.instant()));
    return ours ? store.put(claimed.packageKey(), claimed.generation(), content.chunks()) : null;
  }

  /** At once; what stays all the same is deleted later, see {@link PackageObjects}. */
  private void discard(String place) {
    try {
      settings.store().discard(place);
    } catch (CodeStoreFailed e) {
      LOG.infof("A package that is not needed stays at %s for now (%s)", place, e.getMessage());
    }
  }

  private boolean record(PackageTurn turn, @Nullable String place) {
    Instant now = clock.instant();
    boolean ours = database.transaction(connection -> write(connection, turn, place, now));
    if (!ours && place != null) {
      discard(place);
    }
    Counter.builder("yima_code_packages")
        .description("Tries to fetch packages of codes, by what they came to")
        .tag("outcome", ours ? turn.result().outcome() : "lease_lost")
        .register(registry)
        .increment();
    return ours;
  }

  private boolean write(
      Connection connection, PackageTurn turn, @Nullable String place, Instant now)
      throws SQLException {
    boolean ours = PackageRecords.write(connection, turn, sealer, place, now);
    QuotaChange quota = turn.quota();
    // What WeChat said of a quota holds whoever the row is by now; a call that was not made is
    // given back with the row alone, and so once.
    if (quota != null && (ours || quota.effect() != QuotaChange.Effect.UNSENT)) {
      QuotaChanges.write(connection, List.of(quota));
    }
    if (ours) {
      ApplicationEvent event = event(connection, turn, now);
      if (event != null) {
        History.append(
            connection,
            List.of(new History.Entry(turn.claimed().application(), event)),
            node.name());
      }
    }
    return ours;
  }

  private static @Nullable ApplicationEvent event(
      Connection connection, PackageTurn turn, Instant now) throws SQLException {
    return switch (turn.result()) {
      case Result.Fetched _ ->
          PackageRecords.isComplete(connection, turn.claimed().application())
              ? ApplicationEvent.of(
                  EventKind.CODES_STORED, now, ApplicationState.FINISHED, ApplicationState.FINISHED)
              : null;
      case Result.Failed(LastError error, boolean _, Instant _, String _) -> told(turn, error);
      case Result.NeedsKey(LastError error, Instant _) -> told(turn, error);
      case Result.PutOff _ -> null;
    };
  }

  private static @Nullable ApplicationEvent told(PackageTurn turn, LastError error) {
    return turn.tellsNothingNew(error)
        ? null
        : ApplicationEvent.failed(
            EventKind.CODES_FAILED, error, ApplicationState.FINISHED, ApplicationState.FINISHED);
  }
}
