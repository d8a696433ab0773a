package io.yima.limits;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Lets refusals wait a little, so that who asks again at once is slowed down and costs this node
 * little. Not more than so many wait at a time; others are refused at once.
 */
final class SlowRefusals {

  private final Duration delay;
  private final int most;
  private final AtomicInteger waiting = new AtomicInteger();

  SlowRefusals(Duration delay, int most) {
    this.delay = delay;
    this.most = most;
  }

  void refuse(Vertx vertx, Runnable refusal) {
    if (waiting.incrementAndGet() > most) {
      waiting.decrementAndGet();
      refusal.run();
      return;
    }
    vertx.setTimer(
        delay.toMillis(),
        timer -> {
          waiting.decrementAndGet();
          refusal.run();
        });
  }
}
