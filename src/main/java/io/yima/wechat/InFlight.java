package io.yima.wechat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/** How many calls may be under way on this node; those who wait are served in order. */
final class InFlight {

  private final int bound;
  private final Semaphore free;

  InFlight(int bound, MeterRegistry registry) {
    this.bound = bound;
    this.free = new Semaphore(bound, true);
    Gauge.builder("yima_wechat_in_flight", this, InFlight::count)
        .description("Calls to WeChat under way on this node")
        .register(registry);
  }

  /** Waits for a place no longer than there is time to start. */
  boolean enter(Deadline deadline) {
    try {
      return free.tryAcquire(deadline.remaining().toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  void leave() {
    free.release();
  }

  int count() {
    return bound - free.availablePermits();
  }
}
