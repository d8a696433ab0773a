package io.yima.authorizer;

import io.micrometer.core.instrument.MeterRegistry;
import io.yima.authorizer.RefreshResult.Postponed;
import io.yima.authorizer.RefreshResult.Progress;
import io.yima.authorizer.RefreshResult.ReauthorizationRequired;
import io.yima.authorizer.RefreshResult.Refreshed;
import io.yima.authorizer.RefreshResult.Revoked;
import io.yima.authorizer.RefreshResult.Unreadable;
import io.yima.provider.RefreshTime;
import io.yima.provider.TokenLease;
import io.yima.provider.TokensConfig;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.Failure.QuotaExhausted;
import io.yima.work.LastError;
import io.yima.work.Lease;
import io.yima.work.WorkFigures;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/** Works off one claimed token: asks WeChat, then records what came of it. */
@ApplicationScoped
class TokenRenewal {

  private static final Logger LOG = Logger.getLogger(TokenRenewal.class);

  private final TokenRefresher refresher;
  private final TokenWrites writes;
  private final TokenSeals seals;
  private final AuthorizerRows rows;
  private final AuthorizerChanges changes;
  private final RefreshTime refreshTime;
  private final Lease lease;
  private final RefreshFigures figures;
  private final WorkFigures work;
  private final MeterRegistry metrics;
  private final Clock clock;
  private final RandomGenerator random = RandomGenerator.getDefault();

  TokenRenewal(
      TokenRefresher refresher,
      TokenWrites writes,
      TokenSeals seals,
      AuthorizerRows rows,
      AuthorizerChanges changes,
      TokensConfig config,
      TokenLease lease,
      RefreshFigures figures,
      WorkFigures work,
      MeterRegistry metrics,
      Clock clock) {
    this.refresher = refresher;
    this.writes = writes;
    this.seals = seals;
    this.rows = rows;
    this.changes = changes;
    this.refreshTime = RefreshTime.of(config);
    this.lease = lease.lease();
    this.figures = figures;
    this.work = work;
    this.metrics = metrics;
    this.clock = clock;
  }

  /** What WeChat said; recorded only where the row was still ours. */
  RefreshResult renew(ClaimedToken claim, Deadline deadline) {
    RefreshResult result = refresher.refresh(claim, deadline);
    switch (result) {
      case Refreshed refreshed -> refreshed(claim, refreshed);
      case Postponed postponed -> postponed(claim, postponed);
      case Unreadable(LastError error) -> unreadable(claim, error);
      case Revoked(LastError error) -> lost(claim, AuthorizerStatus.REVOKED, error);
      case ReauthorizationRequired(LastError error) ->
          lost(claim, AuthorizerStatus.REAUTHORIZATION_REQUIRED, error);
    }
    metrics.counter("yima_token_refreshes", "outcome", result.outcome()).increment();
    return result;
  }

  private void refreshed(ClaimedToken claim, Refreshed result) {
    Instant now = clock.instant();
    Instant due = refreshTime.due(now, result.accessToken().life(), random);
    boolean ours = writes.write(TokenWrite.refreshed(claim, result, seals, now, due));
    if (!ours && !result.successorStored()) {
      writes.keepCandidate(claim.id(), result.successor(), result.askedAt());
    }
    if (ours) {
      figures.replaced(claim, clock.instant());
    }
    if (ours && !claim.active()) {
      LOG.infof("%s works again", claim.id());
      changes.announce(claim.id());
    }
  }

  private void postponed(ClaimedToken claim, Postponed result) {
    Instant now = clock.instant();
    Failure failure = result.failure();
    Progress progress = result.progress();
    boolean cutShort = !failure.sent() && progress.isNewTo(claim);
    int failures = claim.failures(now);
    Instant wanted = cutShort ? now : Postponement.after(failure, failures, now, random);
    Instant next = failure instanceof QuotaExhausted ? wanted : asPlanned(claim, wanted, now);
    Instant leaseEnd = now.plus(lease.duration());
    writes.write(
        TokenWrite.postponed(
                claim,
                failures,
                cutShort ? cause(claim, result, now) : LastError.of(failure, now),
                failure.perhapsUnderWay() && leaseEnd.isAfter(next) ? leaseEnd : next,
                failure.perhapsUnderWay())
            .with(progress, seals));
  }

  /** Why more than one call is needed; that the claim had no time for them all is our affair. */
  private static LastError cause(ClaimedToken claim, Postponed result, Instant now) {
    Failure refused = result.progress().refused();
    LastError before = claim.lastError();
    if (refused != null || before == null) {
      return LastError.of(refused == null ? result.failure() : refused, now);
    }
    return before;
  }

  private void unreadable(ClaimedToken claim, LastError error) {
    Instant now = clock.instant();
    int failures = claim.failures(now);
    Instant next = asPlanned(claim, Postponement.untilMended(failures, now, random), now);
    writes.write(TokenWrite.postponed(claim, failures, error, next, false));
  }

  /** The planned time, where a try before it would put off the next one. */
  private static Instant asPlanned(ClaimedToken claim, Instant wanted, Instant now) {
    Instant planned = claim.nextRefreshAt();
    return planned != null && claim.outOfTurn(now) && planned.isBefore(wanted) ? planned : wanted;
  }

  private void lost(ClaimedToken claim, AuthorizerStatus status, LastError error) {
    AuthorizerRows.Loss loss = rows.lost(claim, status, error, clock.instant());
    if (loss == AuthorizerRows.Loss.STATUS_CHANGED) {
      LOG.warnf("%s is %s now: %s", claim.id(), status, error.code());
      changes.announce(claim.id());
    }
    if (loss == AuthorizerRows.Loss.NOT_OURS) {
      work.lostLeases(TokenKeeper.KIND).increment();
    }
  }
}
