package io.yima.wechat;

import java.time.Duration;

/** The instant, on this machine's monotonic clock, after which a call must not start. */
public final class Deadline {

  private final long nanos;

  private Deadline(long nanos) {
    this.nanos = nanos;
  }

  /** So long from now. */
  public static Deadline in(Duration duration) {
    return after(System.nanoTime(), duration);
  }

  /** So long after an earlier reading of {@link System#nanoTime()}. */
  public static Deadline after(long startNanos, Duration duration) {
    return new Deadline(startNanos + duration.toNanos());
  }

  /** Whether it is too late to start. */
  public boolean passed() {
    return nanos - System.nanoTime() <= 0;
  }

  /** Time left, zero when it has passed. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
  }

  /** Whichever of the two comes first. */
  public Deadline earlier(Deadline other) {
    return other.nanos - nanos < 0 ? other : this;
  }
}
