package io.yima.work;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.random.RandomGenerator;

/**
 * Does one thing again and again on a thread of its own until it is stopped. Not the scheduler's
 * job: that looks at its jobs once a second, and the first time late.
 */
final class WorkTick {

  /**
   * Pauses are longer than wanted by up to this part: nodes do not ask in step, and with all else
   * that an idle node sends it is one statement a second.
   */
  private static final double STRETCH = 0.4;

  private final Runnable what;
  private final Duration pause;
  private final RandomGenerator random = RandomGenerator.getDefault();
  private final Thread thread = Thread.ofVirtual().name("work-tick").unstarted(this::loop);
  private volatile boolean stopping;

  WorkTick(Runnable what, Duration pause) {
    this.what = what;
    this.pause = pause;
  }

  void start() {
    thread.start();
  }

  /**
   * Waits for what is under way, because what it works with is gone soon after; tells whether that
   * came to its end in time.
   */
  boolean stop(Duration limit) throws InterruptedException {
    stopping = true;
    LockSupport.unpark(thread);
    return thread.join(limit);
  }

  private void loop() {
    while (!stopping) {
      what.run();
      LockSupport.parkNanos(Math.round(pause.toNanos() * (1 + random.nextDouble() * STRETCH)));
    }
  }
}
