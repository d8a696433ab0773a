package io.yima.wechat;

/**
 * How many calls may be under way at once, by how WeChat copes: begins at the most that is allowed,
 * shrinks by three tenths when it is strained, and grows by one per hundred calls that it served. A
 * fifth is for callers who wait. Not thread-safe.
 */
final class Bound {

  private static final int LEAST = 4;
  private static final double UNDER_STRAIN = 0.7;
  private static final int SERVED_PER_STEP = 100;

  private final int most;
  private int limit;
  private int served;

  /** Raised by every decrease: calls that failed together began in one round and count once. */
  private long round;

  Bound(int most) {
    this.most = most;
    this.limit = most;
  }

  int limit() {
    return limit;
  }

  /** What background work may use of it. */
  int background() {
    return Math.max(1, limit * 4 / 5);
  }

  /** A call begins; the answer is to be given back with its end. */
  long begin() {
    return round;
  }

  void end(long begunIn, Sign sign) {
    switch (sign) {
      case SERVED -> served();
      case STRAINED -> strained(begunIn);
      case NEUTRAL -> {}
    }
  }

  private void served() {
    served++;
    if (served >= SERVED_PER_STEP) {
      served = 0;
      limit = Math.min(most, limit + 1);
    }
  }

  private void strained(long begunIn) {
    if (begunIn == round) {
      round++;
      limit = Math.max(Math.min(most, LEAST), (int) (limit * UNDER_STRAIN));
    }
  }
}
