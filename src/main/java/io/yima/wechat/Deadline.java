package io.yima.wechat;

import java.time.Duration;

/**
 * The instant, on this machine's monotonic clock, after which a call must not start, and how urgent
 * it is until then.
 */
public final class Deadline {

  private final long nanos;
  private final Urgency urgency;

  private Deadline(long nanos, Urgency urgency) {
    this.nanos = nanos;
    this.urgency = urgency;
  }

  /** So long from now. */
  public static Deadline in(Duration duration, Urgency urgency) {
    return new Deadline(System.nanoTime() + duration.toNanos(), urgency);
  }

  public Urgency urgency() {
    return urgency;
  }

  /** The same instant for work of another urgency. */
  public Deadline as(Urgency other) {
    return new Deadline(nanos, other);
  }

  /** Whether it is too late to start. */
  public boolean passed() {
    return nanos - System.nanoTime() <= 0;
  }

  /** Time left, zero when it has passed. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, nanos - System.nanoTime()));
  }

  /** At most so long from now. */
  public Deadline within(Duration duration) {
    return earlier(in(duration, urgency));
  }

  /** Whichever instant of the two comes first, for work as urgent as this. */
  public Deadline earlier(Deadline other) {
    return other.nanos - nanos < 0 ? new Deadline(other.nanos, urgency) : this;
  }
}
