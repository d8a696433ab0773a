package io.yima.work;

import io.yima.wechat.Deadline;
import io.yima.wechat.Urgency;
import java.time.Duration;

/**
 * For how long a claim keeps others away, and until when its holder may start a call. The holder's
 * limit is the earlier one, measured by its own monotonic clock from before the claim was sent, so
 * that a node that was paused or has a wrong clock cannot act on a lease that ran out.
 *
 * @param callTimeout the longest that a call takes
 */
public record Lease(Duration duration, Duration callTimeout) {

  private static final Duration SAFETY = Duration.ofSeconds(2);

  /**
   * The deadline of a claim that is about to be sent: a call that starts by then ends within the
   * lease. Call it before the statement.
   */
  public Deadline startingNow(Urgency urgency) {
    return Deadline.in(duration.minus(SAFETY).minus(callTimeout), urgency);
  }

  /** For the statement's {@code now() + ?::interval}. */
  public String interval() {
    return duration.toMillis() + " milliseconds";
  }

  /** Refuses a lease that a call could outlive; names the setting. */
  public static Lease checked(String setting, Duration duration, Duration callTimeout) {
    if (duration.compareTo(callTimeout.plus(SAFETY)) <= 0) {
      throw new IllegalStateException(
          setting
              + " is "
              + duration
              + " but must be longer than YIMA_WECHAT_TIMEOUT ("
              + callTimeout
              + ") plus 2 seconds, or two nodes could work on one row.");
    }
    return new Lease(duration, callTimeout);
  }
}
