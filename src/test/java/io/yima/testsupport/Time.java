package io.yima.testsupport;

import io.quarkus.arc.Arc;
import java.time.Duration;

/** Moves the clocks of Yima and of the pretend WeChat together. */
public final class Time {

  private Time() {}

  public static void passes(Duration step) {
    Sandbox.ofThisTest().advance(step);
    Arc.container().instance(SettableClock.class).get().advance(step);
  }
}
