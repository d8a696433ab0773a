package io.yima.codes;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.yima.authorizer.Authorizers;
import io.yima.authorizer.LentTokens;
import io.yima.database.WorkerDatabase;
import io.yima.security.audit.NoTrail;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.WeChatClient;
import io.yima.work.Node;
import io.yima.work.WorkFigures;
import io.yima.work.WorkLoops;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Clock;

/** Production's classes about orders, put together for nodes beside the one that runs the tests. */
@ApplicationScoped
class OrderNodes {

  private final ProviderTransactions transactions;
  private final Authorizers authorizers;
  private final WorkLoops loops;
  private final SyncSettings settings;
  private final Event<ApplicationsFinished> finished;
  private final WorkFigures figures;

  OrderNodes(
      ProviderTransactions transactions,
      Authorizers authorizers,
      WorkLoops loops,
      SyncSettings settings,
      Event<ApplicationsFinished> finished,
      WorkFigures figures) {
    this.transactions = transactions;
    this.authorizers = authorizers;
    this.loops = loops;
    this.settings = settings;
    this.finished = finished;
    this.figures = figures;
  }

  /** One node's parts. */
  record OrderNode(
      Node node,
      ApplicationCalls calls,
      TurnWriter writer,
      Orders orders,
      CodeApplications applications,
      AuthorizerWatch watch) {}

  SyncSettings settings() {
    return settings;
  }

  /** A node that has just started. */
  OrderNode start(WorkerDatabase database, WeChatClient weChat, Clock clock) {
    Node node = new Node();
    NoTrail trail = new NoTrail();
    ApplicationCalls calls =
        new ApplicationCalls(database, new LentTokens(), weChat, clock, settings);
    TurnWriter writer =
        new TurnWriter(calls, transactions, database, finished, node, new SimpleMeterRegistry());
    TurnInRequest turns = new TurnInRequest(writer);
    return new OrderNode(
        node,
        calls,
        writer,
        new Orders(transactions, authorizers, calls, turns, loops, settings, trail, node),
        new CodeApplications(
            transactions, authorizers, calls, turns, settings, trail, figures, clock, node),
        new AuthorizerWatch(database, loops, clock, node));
  }
}
