package io.yima.wechat;

import java.time.Duration;
import java.util.Arrays;
import java.util.function.LongSupplier;

/**
 * Keeps calls from a WeChat that fails: opens when most of the last calls failed, and after a pause
 * lets a few through at a time until enough of them came back well. Not thread-safe.
 *
 * <p>Ours, because those of libraries leave the open state only when a call comes, and nobody calls
 * while loops claim nothing.
 */
final class Circuit {

  enum State {
    CLOSED(0),
    HALF_OPEN(0.5),
    OPEN(1);

    private final double figure;

    State(double figure) {
      this.figure = figure;
    }

    double figure() {
      return figure;
    }
  }

  /** More failures than half of so many calls open it. */
  static final int WINDOW = 100;

  /** So many calls at a time try whether WeChat is back, and so many must say so. */
  static final int PROBES = 3;

  static final Duration PAUSE = Duration.ofSeconds(2);

  private final LongSupplier nanoTime;
  private final boolean[] failed = new boolean[WINDOW];
  private int next;
  private int failures;
  private State state = State.CLOSED;

  /** Raised by every change of state, so that what began before does not count after. */
  private long period;

  private long openedAt;
  private int probing;
  private int succeeded;

  Circuit(LongSupplier nanoTime) {
    this.nanoTime = nanoTime;
  }

  State state() {
    if (state == State.OPEN && nanoTime.getAsLong() - openedAt >= PAUSE.toNanos()) {
      probing = 0;
      succeeded = 0;
      enter(State.HALF_OPEN);
    }
    return state;
  }

  /** How many calls may start beside those that probe already; meaningful while half open. */
  int probesLeft() {
    return PROBES - probing;
  }

  /** A call begins; the answer names the period to end it with. */
  long begin() {
    if (state == State.HALF_OPEN) {
      probing++;
    }
    return period;
  }

  void end(long begunIn, Sign sign) {
    if (begunIn != period) {
      return;
    }
    if (state == State.HALF_OPEN) {
      probing--;
      succeeded += sign == Sign.SERVED ? 1 : 0;
      if (sign == Sign.STRAINED) {
        open();
      } else if (succeeded >= PROBES) {
        close();
      }
    } else if (state == State.CLOSED && sign != Sign.NEUTRAL) {
      note(sign == Sign.STRAINED);
    }
  }

  private void note(boolean failure) {
    failures += (failure ? 1 : 0) - (failed[next] ? 1 : 0);
    failed[next] = failure;
    next = (next + 1) % WINDOW;
    if (failures > WINDOW / 2) {
      open();
    }
  }

  private void open() {
    openedAt = nanoTime.getAsLong();
    enter(State.OPEN);
  }

  private void close() {
    Arrays.fill(failed, false);
    failures = 0;
    enter(State.CLOSED);
  }

  private void enter(State other) {
    state = other;
    period++;
  }
}
