package io.yima.authorizer;

import io.yima.provider.ComponentTokens;
import io.yima.provider.TokenLease;
import io.yima.provider.TokensConfig;
import io.yima.wechat.AuthorizerPage;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.Urgency;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatResult;
import io.yima.wechat.WeChatResult.Failed;
import io.yima.wechat.WeChatResult.Success;
import io.yima.work.DueWork;
import io.yima.work.LastError;
import io.yima.work.Lease;
import io.yima.work.WorkLoops;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Compares each provider's merchants with WeChat's list: takes over whom we do not know, finds lost
 * refresh tokens again, asks about those who are missing, and follows their profiles. One step, a
 * page of the list or a batch of questions, is one piece of work; the row says where to go on.
 */
@ApplicationScoped
public class Reconciler implements DueWork {

  public static final String KIND = "reconcile";

  private static final int CONCURRENCY = 4;
  private static final double SPREAD = 0.05;

  /** A list that is still not at its end here goes round in circles. */
  static final int LONGEST_LIST = 5_000_000;

  private final ReconciliationRows rows;
  private final ListedRows listed;
  private final Doubts doubts;
  private final ReconcileFindings findings;
  private final ComponentTokens componentTokens;
  private final WeChatClient weChat;
  private final WorkLoops loops;
  private final AuthorizerSettings config;
  private final TokensConfig tokens;
  private final Lease lease;
  private final Clock clock;
  private final RandomGenerator random = RandomGenerator.getDefault();

  Reconciler(
      ReconciliationRows rows,
      ListedRows listed,
      Doubts doubts,
      ReconcileFindings findings,
      ComponentTokens componentTokens,
      WeChatClient weChat,
      WorkLoops loops,
      AuthorizerSettings config,
      TokensConfig tokens,
      TokenLease lease,
      Clock clock) {
    this.rows = rows;
    this.listed = listed;
    this.doubts = doubts;
    this.findings = findings;
    this.componentTokens = componentTokens;
    this.weChat = weChat;
    this.loops = loops;
    this.config = config;
    this.tokens = tokens;
    this.lease = lease.lease();
    this.clock = clock;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String dueCondition() {
    return ReconciliationRows.DUE;
  }

  @Override
  public Duration pollEvery() {
    return tokens.pollEvery();
  }

  @Override
  public int concurrency() {
    return Math.min(CONCURRENCY, weChat.capacity(Urgency.SYNC));
  }

  @Override
  public List<Runnable> claim(int limit) {
    Deadline deadline = lease.startingNow(Urgency.SYNC);
    return rows.claim(clock.instant(), limit, lease).stream()
        .<Runnable>map(claim -> () -> step(claim, deadline))
        .toList();
  }

  @Override
  public void giveBack() {
    rows.giveBack();
  }

  private void step(ClaimedReconciliation claim, Deadline deadline) {
    if (claim.listed()) {
      ask(claim, deadline);
    } else {
      readPage(claim, deadline);
    }
  }

  private void readPage(ClaimedReconciliation claim, Deadline deadline) {
    Instant askedAt = clock.instant();
    switch (page(claim, deadline)) {
      case Success<AuthorizerPage>(AuthorizerPage page) -> {
        findings.listed(
            claim.provider(),
            listed.store(
                claim.provider(), page.authorizers(), claim.startedAt(), askedAt, clock.instant()));
        loops.wake(TokenKeeper.KIND);
        int next = claim.pageOffset() + TokenRefresher.PAGE;
        boolean more = page.hasMore(claim.pageOffset(), TokenRefresher.PAGE) && next < LONGEST_LIST;
        rows.proceed(claim, more ? next : ClaimedReconciliation.LISTED);
        loops.wake(KIND);
      }
      case Failed<AuthorizerPage>(Failure failure) -> postpone(claim, failure);
    }
  }

  private void ask(ClaimedReconciliation claim, Deadline deadline) {
    Doubts.Answered answered = doubts.settle(claim, config.reconcileEvery(), deadline);
    Optional<Failure> failure = answered.failure();
    if (failure.isPresent()) {
      postpone(claim, failure.get());
    } else if (answered.asked() > 0) {
      rows.proceed(claim, ClaimedReconciliation.LISTED);
      loops.wake(KIND);
    } else {
      Instant now = clock.instant();
      rows.finish(claim, now, now.plus(spread(config.reconcileEvery())));
    }
  }

  private void postpone(ClaimedReconciliation claim, Failure failure) {
    Instant now = clock.instant();
    Instant next = Postponement.after(failure, claim.attempts() + 1, now, random);
    rows.postpone(claim, LastError.of(failure, now), next);
  }

  private WeChatResult<AuthorizerPage> page(ClaimedReconciliation claim, Deadline deadline) {
    return componentTokens.call(
        claim.provider(),
        deadline,
        (componentAppid, token) ->
            weChat.authorizerList(
                componentAppid, token, claim.pageOffset(), TokenRefresher.PAGE, deadline));
  }

  /** So that providers that registered together are not compared together for ever. */
  private Duration spread(Duration every) {
    double share = 1 + (random.nextDouble() * 2 - 1) * SPREAD;
    return Duration.ofMillis(Math.round(every.toMillis() * share));
  }
}
