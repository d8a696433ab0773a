package io.yima.work;

import io.quarkus.arc.All;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduler;
import io.yima.database.WorkerDatabase;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * All loops of this node. A tick asks the database in one statement which kinds have something due
 * and wakes their loops; an idle node asks next to nothing else.
 */
@ApplicationScoped
public class WorkLoops {

  private static final Logger LOG = Logger.getLogger(WorkLoops.class);
  private static final Duration DRAIN_LIMIT = Duration.ofSeconds(10);

  private final List<DueWork> kinds;
  private final Map<String, WorkLoop> loops = new HashMap<>();
  private final Map<String, Long> askedAt = new HashMap<>();
  private final Scheduler scheduler;
  private final WorkerDatabase database;
  private final WorkFigures figures;
  private final Clock clock;
  private @Nullable WorkTick ticking;

  WorkLoops(
      @All List<DueWork> kinds,
      Scheduler scheduler,
      WorkerDatabase database,
      WorkFigures figures,
      Clock clock) {
    this.kinds = kinds;
    this.scheduler = scheduler;
    this.database = database;
    this.figures = figures;
    this.clock = clock;
  }

  /** Starts the loops, last of all start-up work; not where the scheduler is switched off. */
  void start(@Observes @Priority(10_000) StartupEvent started) {
    if (!scheduler.isStarted() || kinds.isEmpty()) {
      return;
    }
    for (DueWork work : kinds) {
      WorkLoop loop = new WorkLoop(work, figures);
      loops.put(work.kind(), loop);
      loop.start();
    }
    Duration pause =
        kinds.stream().map(DueWork::pollEvery).min(Comparator.naturalOrder()).orElseThrow();
    ticking = new WorkTick(this::tick, pause);
    ticking.start();
  }

  /** Looks after a kind at once, because this node just made something due. */
  public void wake(String kind) {
    WorkLoop loop = loops.get(kind);
    if (loop != null) {
      loop.wake();
    }
  }

  void stop(@Observes @Priority(10) ShutdownEvent stopped) {
    loops.values().forEach(WorkLoop::stop);
    long limit = System.nanoTime() + DRAIN_LIMIT.toNanos();
    stopTicking(DRAIN_LIMIT);
    for (Map.Entry<String, WorkLoop> loop : loops.entrySet()) {
      try {
        long left = TimeUnit.NANOSECONDS.toMillis(limit - System.nanoTime());
        if (!loop.getValue().drain(Duration.ofMillis(Math.max(left, 0)))) {
          LOG.warnf("%s did not come to an end; its leases will run out", loop.getKey());
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (RuntimeException e) {
        LOG.warnf(e, "%s could not give its leases back; they will run out", loop.getKey());
      }
    }
  }

  private void stopTicking(Duration limit) {
    try {
      if (ticking != null && !ticking.stop(limit)) {
        LOG.warn("The question what is due did not come to an end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tick() {
    List<DueWork> asked = kinds.stream().filter(this::isTimeToAsk).toList();
    if (asked.isEmpty()) {
      return;
    }
    try {
      whichAreDue(asked).forEach(this::wake);
    } catch (RuntimeException e) {
      LOG.warnf("What is due could not be asked: %s", e.getMessage());
    }
  }

  private boolean isTimeToAsk(DueWork work) {
    long now = System.nanoTime();
    Long last = askedAt.get(work.kind());
    // A tick comes a little early; a quarter of tolerance keeps the rhythm.
    boolean due = last == null || now - last >= work.pollEvery().toNanos() * 3 / 4;
    if (due) {
      askedAt.put(work.kind(), now);
    }
    return due;
  }

  private List<String> whichAreDue(List<DueWork> asked) {
    StringBuilder question = new StringBuilder();
    for (DueWork work : asked) {
      question
          .append(question.isEmpty() ? "" : " union all ")
          .append("select '")
          .append(work.kind())
          .append("' where ")
          .append(work.dueCondition());
    }
    OffsetDateTime now = OffsetDateTime.ofInstant(clock.instant(), ZoneOffset.UTC);
    return database.statement(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(question.toString())) {
            for (int i = 1; i <= asked.size(); i++) {
              select.setObject(i, now);
            }
            return strings(select);
          }
        });
  }

  private static List<String> strings(PreparedStatement select) throws SQLException {
    List<String> strings = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        strings.add(rows.getString(1));
      }
    }
    return strings;
  }
}
