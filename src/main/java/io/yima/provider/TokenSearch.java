package io.yima.provider;

import io.micrometer.core.instrument.Counter;
import io.yima.secrets.Secret;
import io.yima.tenancy.ProviderId;
import io.yima.wechat.Deadline;
import io.yima.wechat.Urgency;
import io.yima.work.Lease;
import io.yima.work.WorkFigures;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Finds a valid component token, and where there is none has one fetched: by one node at a time,
 * and on a node once for all who wait. A fetch runs on a thread of its own, because a caller's
 * shorter patience must not cut off a call that makes the former token void.
 */
@ApplicationScoped
class TokenSearch {

  /** A token this close to its end might not live through the call it is lent to. */
  private static final Duration MARGIN = Duration.ofSeconds(2);

  private final ComponentRows rows;
  private final ComponentTokenFetch fetch;
  private final Rejections rejections;
  private final Lease lease;
  private final Counter overlapsRefused;
  private final Clock clock;
  private final RecentTokens recent = new RecentTokens(System::nanoTime);
  private final ConcurrentMap<ProviderId, CompletableFuture<TokenLookup>> underWay =
      new ConcurrentHashMap<>();

  TokenSearch(
      ComponentRows rows,
      ComponentTokenFetch fetch,
      Rejections rejections,
      TokenLease lease,
      WorkFigures figures,
      Clock clock) {
    this.rows = rows;
    this.fetch = fetch;
    this.rejections = rejections;
    this.lease = lease.lease();
    this.overlapsRefused = figures.overlapsRefused(ComponentTokenWork.KIND);
    this.clock = clock;
  }

  /**
   * @param rejected the token that WeChat refused, if that is why one is looked for
   */
  TokenLookup find(ProviderId provider, @Nullable Secret rejected, Deadline deadline) {
    Optional<TokenLookup> found = atHand(provider, rejected);
    while (found.isEmpty() && !deadline.passed()) {
      // Whom we join may have looked for any token, and found the one that was refused.
      found = await(join(provider, rejected), deadline).filter(other -> !holds(other, rejected));
    }
    return found.orElseGet(() -> TokenLookup.missing("no component token was at hand in time"));
  }

  /** Looks at the row again before the next call. */
  void forget(ProviderId provider) {
    recent.forget(provider);
  }

  private Optional<TokenLookup> atHand(ProviderId provider, @Nullable Secret rejected) {
    if (rejected != null) {
      recent.forget(provider);
      return judge(rows.read(provider), rejected);
    }
    Optional<TokenLookup> lent = recent.validUntil(provider, clock.instant().plus(MARGIN));
    if (lent.isPresent()) {
      return lent;
    }
    ComponentRow row = rows.read(provider);
    Optional<TokenLookup> found = judge(row, null);
    if (found.isPresent()
        && found.get() instanceof TokenLookup.Valid valid
        && row.expiresAt() != null) {
      recent.keep(provider, valid, row.expiresAt());
    }
    return found;
  }

  /** The providers whose token this node is looking for now. */
  Set<ProviderId> underWay() {
    return Set.copyOf(underWay.keySet());
  }

  private CompletableFuture<TokenLookup> join(ProviderId provider, @Nullable Secret rejected) {
    CompletableFuture<TokenLookup> mine = new CompletableFuture<>();
    CompletableFuture<TokenLookup> first = underWay.putIfAbsent(provider, mine);
    if (first != null) {
      overlapsRefused.increment();
      return first;
    }
    Thread.ofVirtual()
        .name("component-token")
        .start(
            () -> {
              try {
                mine.complete(search(provider, rejected));
              } catch (RuntimeException | Error e) {
                mine.completeExceptionally(e);
              } finally {
                underWay.remove(provider, mine);
              }
            });
    return mine;
  }

  private TokenLookup search(ProviderId provider, @Nullable Secret rejected) {
    Deadline patience = Deadline.in(lease.duration().multipliedBy(2), Urgency.INTERACTIVE);
    while (!patience.passed()) {
      ComponentRow row = rows.read(provider);
      Optional<TokenLookup> found = judge(row, rejected);
      if (found.isEmpty()) {
        found = row.leased() ? Optional.empty() : claimAndFetch(provider, row, rejected);
      }
      if (found.isPresent()) {
        return found.get();
      }
      LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(25_000_000, 75_000_000));
    }
    return TokenLookup.missing("another node did not bring a component token in time");
  }

  private Optional<TokenLookup> claimAndFetch(
      ProviderId provider, ComponentRow row, @Nullable Secret rejected) {
    // Whoever asked first: others join, and all of a provider's calls need it.
    Deadline leased = lease.startingNow(Urgency.INTERACTIVE);
    // That a token was taken counts once: who hears of it late must not prolong the pause for all.
    if (rejected == null || row.isTaken() || !rejected.equals(row.token())) {
      return counted(rows.claim(provider, row.generation(), lease))
          .flatMap(claim -> fetch.fetch(claim, RenewalReason.NEEDED, leased));
    }
    Rejection rejection = Rejection.of(row, clock.instant());
    if (rejection.goesOn()) {
      return standBack(provider, row, rejection);
    }
    return counted(rows.claim(provider, row.generation(), rejection, lease))
        .flatMap(
            claim -> {
              rejections.tell(row.componentAppid(), rejection);
              return fetch.fetch(claim, RenewalReason.REJECTED, leased);
            });
  }

  private Optional<ClaimedComponent> counted(Optional<ClaimedComponent> claim) {
    if (claim.isEmpty()) {
      overlapsRefused.increment();
    }
    return claim;
  }

  private Optional<TokenLookup> standBack(
      ProviderId provider, ComponentRow row, Rejection rejection) {
    Instant next = rejection.nextFetchAt(ThreadLocalRandom.current());
    if (!rows.standBack(provider, row.generation(), rejection, next)) {
      return Optional.empty();
    }
    rejections.tell(row.componentAppid(), rejection);
    return Optional.of(TokenLookup.missing(rejection.error()));
  }

  /** Empty when a token has to be fetched, or is being fetched. */
  private Optional<TokenLookup> judge(ComponentRow row, @Nullable Secret rejected) {
    Instant now = clock.instant();
    if (row.archived()) {
      return Optional.of(TokenLookup.missing("the provider is archived"));
    }
    if (!row.isTaken()
        && row.token() != null
        && row.expiresAt() != null
        && row.expiresAt().isAfter(now.plus(MARGIN))
        && !row.token().equals(rejected)) {
      return Optional.of(new TokenLookup.Valid(row.componentAppid(), row.token()));
    }
    if (row.lastError() != null && row.isBackingOff(now)) {
      return Optional.of(TokenLookup.missing(row.lastError()));
    }
    return Optional.empty();
  }

  private static boolean holds(TokenLookup lookup, @Nullable Secret token) {
    return lookup instanceof TokenLookup.Valid valid && valid.token().equals(token);
  }

  private static Optional<TokenLookup> await(
      CompletableFuture<TokenLookup> search, Deadline deadline) {
    try {
      return Optional.of(search.get(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.of(TokenLookup.missing("interrupted while waiting for a component token"));
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e);
    }
  }
}
