package io.yima.testsupport;

import io.quarkus.arc.Arc;
import java.time.Duration;

/** Moves the clocks of Yima and of the pretend WeChat together. */
public final class Time {

  private Time() {}

  /** Sets Yima's clock by WeChat's, from which other tests may have moved it. */
  public static void agree() {
    SettableClock clock = Arc.container().instance(SettableClock.class).get();
    clock.reset();
    clock.advance(Sandbox.ofThisTest().aheadOfThisMachine());
  }

  public static void passes(Duration step) {
    Sandbox.ofThisTest().advance(step);
    Arc.container().instance(SettableClock.class).get().advance(step);
  }
}
