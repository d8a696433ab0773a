package io.yima.limits;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.github.bucket4j.Bucket;
import io.github.bucket4j.ConsumptionProbe;
import io.github.bucket4j.EstimationProbe;
import io.github.bucket4j.TimeMeter;
import java.time.Duration;

/**
 * One rate for each of many callers, known by a text: buckets that fill again steadily. Of callers
 * that have long been quiet it forgets those beyond a number, and their next bucket is a full one.
 */
final class RateLimit {

  private static final int CALLERS = 50_000;

  private final Rate rate;
  private final TimeMeter time;
  private final Cache<String, Bucket> buckets = Caffeine.newBuilder().maximumSize(CALLERS).build();

  RateLimit(Rate rate) {
    this(rate, TimeMeter.SYSTEM_NANOTIME);
  }

  RateLimit(Rate rate, TimeMeter time) {
    this.rate = rate;
    this.time = time;
  }

  /** Takes one from the caller's bucket, if there is one to take. */
  Allowance take(String caller) {
    if (!rate.isLimit()) {
      return Allowance.UNLIMITED;
    }
    ConsumptionProbe probe = bucket(caller).tryConsumeAndReturnRemaining(1);
    return new Allowance(
        probe.isConsumed(),
        rate.times(),
        probe.getRemainingTokens(),
        Duration.ofNanos(probe.getNanosToWaitForReset()),
        Duration.ofNanos(probe.getNanosToWaitForRefill()));
  }

  /** What {@link #take} would say, without taking anything. */
  Allowance look(String caller) {
    Bucket bucket = rate.isLimit() ? buckets.getIfPresent(caller) : null;
    if (bucket == null) {
      return Allowance.UNLIMITED;
    }
    EstimationProbe probe = bucket.estimateAbilityToConsume(1);
    Duration wait = Duration.ofNanos(probe.getNanosToWaitForRefill());
    return new Allowance(
        probe.canBeConsumed(), rate.times(), probe.getRemainingTokens(), rate.period(), wait);
  }

  private Bucket bucket(String caller) {
    return buckets.get(
        caller,
        unknown ->
            Bucket.builder()
                .withCustomTimePrecision(time)
                .addLimit(
                    limit -> limit.capacity(rate.times()).refillGreedy(rate.times(), rate.period()))
                .build());
  }
}
