package io.yima.authorizer;

import io.yima.provider.TokenLease;
import io.yima.provider.TokensConfig;
import io.yima.wechat.Deadline;
import io.yima.wechat.Urgency;
import io.yima.wechat.WeChatClient;
import io.yima.work.DueWork;
import io.yima.work.Lease;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Keeps merchants' tokens fresh, ahead of time and without anybody asking. */
@ApplicationScoped
public class TokenKeeper implements DueWork {

  public static final String KIND = "token-refresh";

  private final TokenClaims claims;
  private final TokenRenewal renewal;
  private final WeChatClient weChat;
  private final TokensConfig config;
  private final Lease lease;
  private final Clock clock;

  TokenKeeper(
      TokenClaims claims,
      TokenRenewal renewal,
      WeChatClient weChat,
      TokensConfig config,
      TokenLease lease,
      Clock clock) {
    this.claims = claims;
    this.renewal = renewal;
    this.weChat = weChat;
    this.config = config;
    this.lease = lease.lease();
    this.clock = clock;
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String dueCondition() {
    return TokenClaims.DUE;
  }

  @Override
  public Duration pollEvery() {
    return config.pollEvery();
  }

  @Override
  public int concurrency() {
    return weChat.capacity(Urgency.EXPIRED);
  }

  @Override
  public List<Runnable> claim(int limit) {
    Deadline deadline = lease.startingNow(Urgency.AHEAD);
    Instant now = clock.instant();
    return claims.due(now, limit, lease).stream()
        .<Runnable>map(claim -> () -> renewal.renew(claim, deadline.as(urgency(claim, now))))
        .toList();
  }

  private static Urgency urgency(ClaimedToken claim, Instant now) {
    Instant expiresAt = claim.expiresAt();
    return expiresAt == null || !expiresAt.isAfter(now) ? Urgency.EXPIRED : Urgency.AHEAD;
  }

  /** Refreshes at most this many due tokens and returns how many were due. */
  public int refreshDue(int limit) {
    return runDue(limit);
  }

  @Override
  public void giveBack() {
    claims.giveBack();
  }
}
