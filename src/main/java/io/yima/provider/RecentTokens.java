package io.yima.provider;

import io.yima.secrets.Secret;
import io.yima.tenancy.ProviderId;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;

/**
 * Component tokens as they were read a moment ago, so that thousands of calls a second do not each
 * ask the database for the same one. A token that was replaced meanwhile is refused by WeChat or
 * still good, and whoever is refused passes this by.
 */
final class RecentTokens {

  /** How long a token is lent without looking; an archived provider is left alone so much later. */
  static final Duration AGE = Duration.ofSeconds(2);

  private static final int BOUND = 1_000;

  private record Read(
      String componentAppid, Secret token, Instant expiresAt, long at, AtomicBoolean readAgain) {}

  private final ConcurrentMap<ProviderId, Read> recent = new ConcurrentHashMap<>();
  private final LongSupplier nanoTime;

  RecentTokens(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  /**
   * A token that is valid until then. When it is time to read again the first who asks is told so
   * with nothing, and the others go on with what there is for as long again.
   */
  Optional<TokenLookup> validUntil(ProviderId provider, Instant then) {
    Read read = recent.get(provider);
    if (read == null || !read.expiresAt().isAfter(then)) {
      return Optional.empty();
    }
    long age = nanoTime.getAsLong() - read.at();
    boolean old = age >= AGE.toNanos();
    if (age >= 2 * AGE.toNanos() || (old && read.readAgain().compareAndSet(false, true))) {
      return Optional.empty();
    }
    return Optional.of(new TokenLookup.Valid(read.componentAppid(), read.token()));
  }

  void keep(ProviderId provider, TokenLookup.Valid valid, Instant expiresAt) {
    if (recent.size() >= BOUND) {
      recent.clear();
    }
    recent.put(
        provider,
        new Read(
            valid.componentAppid(),
            valid.token(),
            expiresAt,
            nanoTime.getAsLong(),
            new AtomicBoolean()));
  }

  void forget(ProviderId provider) {
    recent.remove(provider);
  }
}
