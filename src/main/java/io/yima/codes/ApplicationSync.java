package io.yima.codes;

import io.yima.authorizer.TokensAtHand;
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

/**
 * Keeps the ledger in step with WeChat: sends what is not confirmed yet and asks about what is not
 * finished, each application at its own time.
 */
@ApplicationScoped
public class ApplicationSync implements DueWork {

  static final String KIND = "application-sync";

  private final WorkerDatabase database;
  private final ApplicationCalls calls;
  private final WeChatClient wechat;
  private final SyncSettings settings;
  private final Clock clock;
  private final Node node;
  private final BatchRecorder<Turn> recorder;

  ApplicationSync(
      WorkerDatabase database,
      ApplicationCalls calls,
      WeChatClient wechat,
      TurnWriter writer,
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
    return "exists (select 1 from code_application where next_sync_at <= ?"
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
    List<Claimed> claimed =
        database.transaction(
            connection ->
                LedgerClaims.due(
                    connection,
                    now,
                    limit,
                    node.name(),
                    settings.lease(),
                    settings.shareForQuestions()));
    TokensAtHand atHand = calls.tokensFor(claimed);
    return claimed.stream().map(piece -> work(piece, atHand, deadline)).toList();
  }

  @Override
  public void giveBack() {
    database.transaction(connection -> LedgerClaims.giveBack(connection, node.name()));
  }

  private Runnable work(Claimed claimed, TokensAtHand atHand, Deadline deadline) {
    return () -> recorder.record(calls.take(claimed, atHand, deadline));
  }
}
