package io.yima.callback;

import io.micrometer.core.instrument.MeterRegistry;
import io.yima.callback.Handling.Done;
import io.yima.callback.Handling.Postponed;
import io.yima.provider.TokenLease;
import io.yima.provider.TokensConfig;
import io.yima.wechat.Deadline;
import io.yima.wechat.Urgency;
import io.yima.work.Backoff;
import io.yima.work.BatchRecorder;
import io.yima.work.DueWork;
import io.yima.work.LastError;
import io.yima.work.Lease;
import io.yima.work.WorkFigures;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/** Handles what was pushed, after it was answered. */
@ApplicationScoped
class InboxWork implements DueWork {

  static final String KIND = "callback-inbox";

  private static final Logger LOG = Logger.getLogger(InboxWork.class);

  /** What WeChat said longer ago, it has said again since, or reconciliation has found out. */
  private static final Duration PATIENCE = Duration.ofDays(1);

  private final InboxRows rows;
  private final PushHandler handler;
  private final Duration pollEvery;
  private final Lease lease;
  private final Clock clock;
  private final MeterRegistry metrics;
  private final BatchRecorder<InboxOutcome> recorder;

  InboxWork(
      InboxRows rows,
      PushHandler handler,
      TokensConfig config,
      TokenLease lease,
      Clock clock,
      MeterRegistry metrics,
      WorkFigures figures) {
    this.rows = rows;
    this.handler = handler;
    this.pollEvery = config.pollEvery();
    this.lease = lease.lease();
    this.clock = clock;
    this.metrics = metrics;
    this.recorder = new BatchRecorder<>(KIND, figures, rows::record);
    recorder.start();
  }

  @PreDestroy
  void stop() {
    recorder.stop();
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String dueCondition() {
    return "exists (select 1 from callback_inbox where next_attempt_at <= ?)";
  }

  @Override
  public Duration pollEvery() {
    return pollEvery;
  }

  @Override
  public int concurrency() {
    // Whatever becomes of WeChat: tickets and messages are handled without a call.
    return 64;
  }

  @Override
  public List<Runnable> claim(int limit) {
    Deadline deadline = lease.startingNow(Urgency.EXPIRED);
    return rows.claim(limit, clock.instant(), lease).stream()
        .<Runnable>map(push -> () -> handle(push, deadline))
        .toList();
  }

  @Override
  public void giveBack() {
    rows.giveBack();
  }

  private void handle(ClaimedPush push, Deadline deadline) {
    InboxOutcome outcome = outcome(push, handled(push, deadline));
    if (recorder.record(outcome)) {
      String word = outcome.outcome() == null ? "postponed" : outcome.outcome();
      metrics.counter("yima_pushes_handled", "outcome", word).increment();
    } else {
      LOG.warnf("A push (%s) was handled by another node meanwhile", push.kind());
    }
  }

  private Handling handled(ClaimedPush push, Deadline deadline) {
    try {
      return handler.handle(push, deadline);
    } catch (RuntimeException e) {
      // A push that we cannot digest must not come back at every tick, nor for ever.
      LOG.errorf(e, "A push (%s) could not be handled", push.kind());
      Instant now = clock.instant();
      return now.isAfter(push.receivedAt().plus(PATIENCE))
          ? new Done("given_up")
          : new Postponed(LastError.of("internal", "See the log of this time and node.", now));
    }
  }

  private InboxOutcome outcome(ClaimedPush push, Handling handling) {
    Instant now = clock.instant();
    return switch (handling) {
      case Done(String outcome) -> new InboxOutcome(push, outcome, null, now);
      case Postponed(LastError error, Backoff backoff) ->
          new InboxOutcome(
              push,
              null,
              error,
              now.plus(backoff.after(push.attempts() + 1, ThreadLocalRandom.current())));
    };
  }
}
