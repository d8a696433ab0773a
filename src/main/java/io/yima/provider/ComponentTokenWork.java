package io.yima.provider;

import io.yima.wechat.Deadline;
import io.yima.wechat.Urgency;
import io.yima.wechat.WeChatClient;
import io.yima.work.DueWork;
import io.yima.work.Lease;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Renews component tokens ahead of time: calls on which all merchants of a provider depend. */
@ApplicationScoped
class ComponentTokenWork implements DueWork {

  static final String KIND = "component-token";

  private static final int CONCURRENCY = 16;

  private final ComponentRows rows;
  private final ComponentTokenFetch fetch;
  private final TokenSearch search;
  private final WeChatClient wechat;
  private final Duration pollEvery;
  private final Lease lease;
  private final Clock clock;

  ComponentTokenWork(
      ComponentRows rows,
      ComponentTokenFetch fetch,
      TokenSearch search,
      WeChatClient wechat,
      TokensConfig config,
      TokenLease lease,
      Clock clock) {
    this.rows = rows;
    this.fetch = fetch;
    this.search = search;
    this.wechat = wechat;
    this.pollEvery = config.pollEvery();
    this.lease = lease.lease();
    this.clock = clock;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String dueCondition() {
    return "exists (select 1 from component where next_refresh_at <= ?)";
  }

  @Override
  public Duration pollEvery() {
    return pollEvery;
  }

  @Override
  public int concurrency() {
    return Math.min(CONCURRENCY, wechat.capacity(Urgency.INTERACTIVE));
  }

  @Override
  public List<Runnable> claim(int limit) {
    Deadline deadline = lease.startingNow(Urgency.INTERACTIVE);
    Stream<ClaimedComponent> claims = rows.claimDue(limit, clock.instant(), lease).stream();
    return claims.map(claim -> fetching(claim, deadline)).toList();
  }

  @Override
  public void giveBack() {
    rows.giveBack(search.underWay());
  }

  private Runnable fetching(ClaimedComponent claim, Deadline deadline) {
    return () -> fetch.fetch(claim, RenewalReason.DUE, deadline);
  }
}
