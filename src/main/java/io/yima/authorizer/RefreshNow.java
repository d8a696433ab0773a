package io.yima.authorizer;

import io.micrometer.core.instrument.Counter;
import io.yima.authorizer.FreshToken.Absent;
import io.yima.authorizer.FreshToken.Inactive;
import io.yima.authorizer.FreshToken.Unknown;
import io.yima.authorizer.FreshToken.Valid;
import io.yima.authorizer.RefreshResult.Postponed;
import io.yima.authorizer.RefreshResult.Progress;
import io.yima.authorizer.RefreshResult.ReauthorizationRequired;
import io.yima.authorizer.RefreshResult.Refreshed;
import io.yima.authorizer.RefreshResult.Revoked;
import io.yima.authorizer.RefreshResult.Unreadable;
import io.yima.provider.TokenLease;
import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.Urgency;
import io.yima.work.LastError;
import io.yima.work.Lease;
import io.yima.work.WorkFigures;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Refreshes one merchant's token out of turn. Whoever asks for the same merchant meanwhile, on this
 * node or another, waits for that one refresh.
 */
@ApplicationScoped
class RefreshNow {

  private static final Duration LOOK_AGAIN = Duration.ofMillis(100);

  private final TokenReads reads;
  private final TokenClaims claims;
  private final TokenRenewal renewal;
  private final Lease lease;
  private final Counter overlapsRefused;
  private final Clock clock;
  private final ConcurrentMap<AuthorizerId, CompletableFuture<FreshToken>> underWay =
      new ConcurrentHashMap<>();

  RefreshNow(
      TokenReads reads,
      TokenClaims claims,
      TokenRenewal renewal,
      TokenLease lease,
      WorkFigures figures,
      Clock clock) {
    this.reads = reads;
    this.claims = claims;
    this.renewal = renewal;
    this.lease = lease.lease();
    this.overlapsRefused = figures.overlapsRefused(TokenKeeper.KIND);
    this.clock = clock;
  }

  /**
   * A token other than the one used: the stored one when it is newer, else a fresh one.
   *
   * @param used the token that does not serve; null: any valid one does
   */
  FreshToken otherThan(AuthorizerId id, @Nullable Secret used, Deadline deadline) {
    CompletableFuture<FreshToken> mine = new CompletableFuture<>();
    CompletableFuture<FreshToken> others = underWay.putIfAbsent(id, mine);
    if (others != null) {
      overlapsRefused.increment();
    }
    while (others != null) {
      FreshToken theirs = await(others, deadline);
      if (!(theirs instanceof Valid valid && valid.token().equals(used))) {
        return theirs;
      }
      // They were content with the very token that does not serve here.
      others = underWay.putIfAbsent(id, mine);
    }
    try {
      FreshToken result = storedOrRefreshed(id, used, deadline);
      mine.complete(result);
      return result;
    } catch (RuntimeException | Error e) {
      mine.completeExceptionally(e);
      throw e;
    } finally {
      underWay.remove(id, mine);
    }
  }

  /**
   * Tries a merchant whatever its status; a token that comes of it makes it ACTIVE again. Null when
   * somebody else holds the row.
   */
  @Nullable RefreshResult tryAgain(AuthorizerId id) {
    Deadline deadline = lease.startingNow(Urgency.SYNC);
    return reads
        .current(id)
        .flatMap(stored -> claim(id, stored))
        .map(claim -> renewal.renew(claim, deadline))
        .orElse(null);
  }

  private FreshToken storedOrRefreshed(AuthorizerId id, @Nullable Secret used, Deadline deadline) {
    Optional<StoredToken> stored = reads.current(id);
    if (stored.isEmpty()) {
      return new Unknown();
    }
    Optional<FreshToken> served = serve(stored.get(), used, false);
    if (served.isPresent()) {
      return served.get();
    }
    if (stored.get().awaitsExchange(clock.instant())) {
      return new Absent(null);
    }
    // Without a token nothing works for this merchant, however little the asker is in a hurry.
    Urgency urgency = deadline.urgency().orMore(Urgency.EXPIRED);
    Deadline limit = lease.startingNow(urgency).earlier(deadline);
    return claim(id, stored.get())
        .map(claim -> refreshed(claim, renewal.renew(claim, limit)))
        .orElseGet(() -> awaitHolder(id, used, deadline));
  }

  /** Empty when somebody holds the row, or has changed it since it was read. */
  private Optional<ClaimedToken> claim(AuthorizerId id, StoredToken stored) {
    Optional<ClaimedToken> claim = claims.one(id, stored.generation(), lease);
    if (claim.isEmpty()) {
      overlapsRefused.increment();
    }
    return claim;
  }

  private FreshToken refreshed(ClaimedToken claim, RefreshResult result) {
    return switch (result) {
      // Read again, not taken from the answer: someone may have authorized anew meanwhile.
      case Refreshed _ ->
          reads
              .current(claim.id())
              .flatMap(stored -> serve(stored, null, true))
              .orElse(new Absent(null));
      case Postponed(Failure failure, Progress _) ->
          new Absent(LastError.of(failure, clock.instant()));
      case Unreadable(LastError error) -> new Absent(error);
      case Revoked _ -> new Inactive(AuthorizerStatus.REVOKED);
      case ReauthorizationRequired _ -> new Inactive(AuthorizerStatus.REAUTHORIZATION_REQUIRED);
    };
  }

  /** Another node or the token keeper holds the row: its result is ours. */
  private FreshToken awaitHolder(AuthorizerId id, @Nullable Secret used, Deadline deadline) {
    while (!deadline.passed()) {
      Optional<StoredToken> stored = reads.current(id);
      if (stored.isEmpty()) {
        return new Unknown();
      }
      Optional<FreshToken> served = serve(stored.get(), used, true);
      if (served.isPresent()) {
        return served.get();
      }
      if (!stored.get().leased()) {
        return new Absent(stored.get().lastError());
      }
      LockSupport.parkNanos(LOOK_AGAIN.toNanos());
    }
    return new Absent(null);
  }

  private Optional<FreshToken> serve(StoredToken stored, @Nullable Secret used, boolean refreshed) {
    return stored.active()
        ? stored.lent(used, refreshed, clock.instant())
        : Optional.of(new Inactive(stored.status()));
  }

  private static FreshToken await(CompletableFuture<FreshToken> result, Deadline deadline) {
    try {
      return result.get(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return new Absent(null);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new Absent(null);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    }
  }
}
