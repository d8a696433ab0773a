package io.yima.work;

import java.time.Duration;
import java.util.random.RandomGenerator;

/**
 * How long to wait after failures: doubling up to a limit, and anywhere between half of that and
 * all of it, so that what failed together does not come back together.
 */
public record Backoff(Duration first, Duration limit) {

  /** The wait after this many failures in a row, counted from 1. */
  public Duration after(int attempts, RandomGenerator random) {
    int doublings = Math.min(Math.max(attempts - 1, 0), 30);
    long ceiling = Math.min(limit.toMillis(), first.toMillis() << doublings);
    return Duration.ofMillis(ceiling / 2 + random.nextLong(ceiling / 2 + 1));
  }
}
