package io.yima.security.audit;

import io.quarkus.runtime.ShutdownEvent;
import io.yima.database.DatabaseFailed;
import io.yima.database.GroupCommit;
import io.yima.database.WorkerDatabase;
import io.yima.tenancy.AuthorizerId;
import io.yima.work.Node;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads of tokens, a row per key, actor, merchant and minute. The first is stored before the token
 * is handed out, with those of others who read at the same time; further ones only add to its
 * count, many in one statement within a second. A node that is killed loses counts of that second,
 * and never the fact that a key read a token.
 */
@ApplicationScoped
class TokenReadTrail {

  private static final Logger LOG = Logger.getLogger(TokenReadTrail.class);
  private static final Duration GATHER = Duration.ofSeconds(1);

  /**
   * Who comes after so many others of a minute is written each time, which is slower, not wrong.
   */
  private static final int BOUND = 50_000;

  private final WorkerDatabase worker;
  private final Clock clock;
  private final GroupCommit<FirstRead> firstReads;
  private final AtomicReference<Minute> current = new AtomicReference<>(new Minute(Instant.EPOCH));
  private final Queue<Tally> unwritten = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean gathering = new AtomicBoolean();
  private volatile boolean stopped;

  private record Reader(
      AuthorizerId authorizer, @Nullable UUID keyId, String keyName, @Nullable String actor) {}

  /** The readers of a minute whose row is stored, by whichever node. */
  private record Minute(Instant start, ConcurrentMap<Reader, Tally> stored) {
    Minute(Instant start) {
      this(start, new ConcurrentHashMap<>());
    }
  }

  TokenReadTrail(WorkerDatabase worker, Node node, Clock clock) {
    this.worker = worker;
    this.clock = clock;
    this.firstReads =
        new GroupCommit<>(
            reads ->
                worker.statement(
                    connection -> AuditRows.firstReads(connection, reads, node.name())));
  }

  /** Returns once it is stored that this key reads the merchant's token in this minute. */
  void note(AuthorizerId authorizer, Doer doer) {
    Instant now = clock.instant();
    Minute minute = minuteOf(now);
    Reader reader = new Reader(authorizer, doer.keyId(), doer.keyName(), doer.actor());
    Tally tally = minute.stored().get(reader);
    if (tally == null) {
      UUID id =
          AggregateId.of(
              minute.start(),
              String.valueOf(doer.keyId()),
              doer.keyName(),
              authorizer.authorizerAppid(),
              doer.actor());
      firstReads.commit(new FirstRead(id, authorizer, doer, now));
      if (minute.stored().size() < BOUND) {
        minute.stored().putIfAbsent(reader, new Tally(authorizer.provider(), id, now));
      }
    } else if (tally.add(1, now)) {
      unwritten.add(tally);
      gather();
    }
  }

  /** Requests have ended by now: what they left is all there is. */
  void stop(@Observes @Priority(10) ShutdownEvent shutdown) {
    stopped = true;
    write();
  }

  private Minute minuteOf(Instant now) {
    Instant start = now.truncatedTo(ChronoUnit.MINUTES);
    Instant next = start.plus(1, ChronoUnit.MINUTES);
    Minute minute =
        current.updateAndGet(
            known ->
                known.start().equals(start) || known.start().equals(next)
                    ? known
                    : new Minute(start));
    // Who took its time just before the minute turned must not throw away what the new one knows.
    return minute.start().equals(start) ? minute : new Minute(start);
  }

  private void gather() {
    if (gathering.compareAndSet(false, true)) {
      Thread.ofVirtual()
          .name("token-reads")
          .start(
              () -> {
                LockSupport.parkNanos(GATHER.toNanos());
                gathering.set(false);
                if (!write() && !stopped) {
                  gather();
                }
              });
    }
  }

  /** False when the counts could not be written now and are to be tried again. */
  private boolean write() {
    List<Tally.Counted> counted = new ArrayList<>();
    for (Tally tally = unwritten.poll(); tally != null; tally = unwritten.poll()) {
      counted.add(tally.take());
    }
    if (counted.isEmpty()) {
      return true;
    }
    try {
      worker.transaction(connection -> AuditRows.add(connection, counted));
      return true;
    } catch (RuntimeException e) {
      LOG.warnf(
          "The counts of %d readers of tokens could not be written: %s",
          counted.size(), e.getMessage());
      counted.forEach(this::putBack);
      return !(e instanceof DatabaseFailed failed && failed.isPassing());
    }
  }

  private void putBack(Tally.Counted counted) {
    if (counted.tally().add(counted.count(), counted.lastAt())) {
      unwritten.add(counted.tally());
    }
  }
}
