package io.yima.activations;

import io.yima.codes.SyncSettings;
import io.yima.database.WorkerDatabase;
import io.yima.wechat.Deadline;
import io.yima.wechat.Urgency;
import io.yima.wechat.WeChatClient;
import io.yima.work.BatchRecorder;
import io.yima.work.DueWork;
import io.yima.work.Node;
import io.yima.work.WorkFigures;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Sends the slices of activations that WeChat has not confirmed yet, each at its own time. */
@ApplicationScoped
public class ActivationWork implements DueWork {

  static final String KIND = "code-activation";

  private final WorkerDatabase database;
  private final SliceCalls calls;
  private final WeChatClient wechat;
  private final SyncSettings settings;
  private final Clock clock;
  private final Node node;
  private final BatchRecorder<SliceTurn> recorder;

  ActivationWork(
      WorkerDatabase database,
      SliceCalls calls,
      WeChatClient wechat,
      SliceWriter writer,
      SyncSettings settings,
      WorkFigures figures,
      Clock clock,
      Node node) {
    this.database = database;
    this.calls = calls;
    this.wechat = wechat;
    this.settings = settings;
    this.clock = clock;
    this.node = node;
    this.recorder = new BatchRecorder<>(KIND, figures, writer::writeAll);
  }

  @PostConstruct
  void start() {
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
    return "exists (select 1 from code_activation_slice where next_attempt_at <= ?"
        + " and (lease_until is null or lease_until < now()))";
  }

  @Override
  public Duration pollEvery() {
    return settings.pollEvery();
  }

  @Override
  public int concurrency() {
    return wechat.capacity(Urgency.SYNC);
  }

  @Override
  public List<Runnable> claim(int limit) {
    Deadline deadline = settings.lease().startingNow(Urgency.SYNC);
    Instant now = clock.instant();
    List<ClaimedSlice> claimed =
        database.transaction(
            connection -> SliceClaims.due(connection, now, limit, node.name(), settings.lease()));
    return claimed.stream().map(piece -> work(piece, deadline)).toList();
  }

  @Override
  public void giveBack() {
    database.transaction(connection -> SliceClaims.giveBack(connection, node.name()));
  }

  private Runnable work(ClaimedSlice claimed, Deadline deadline) {
    return () -> recorder.record(calls.take(claimed, deadline));
  }
}
