package io.yima.sandbox;

import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Work beside the requests: virtual threads that may block, timers that block nobody. */
final class Background {

  private static final Logger LOG = Logger.getLogger(Background.class.getName());

  private final Vertx vertx;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private volatile boolean closed;

  Background(Vertx vertx) {
    this.vertx = vertx;
  }

  void run(Runnable work) {
    try {
      threads.execute(() -> guarded(work));
    } catch (RejectedExecutionException e) {
      // Closing; what was to be done is in the state file or of no interest any more.
      closed = true;
    }
  }

  private void guarded(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException e) {
      // What is cut short by closing is of no interest; anything else is a bug of ours.
      if (!closed) {
        LOG.log(Level.SEVERE, "the sandbox failed in the background", e);
      }
    }
  }

  void after(Duration delay, Runnable work) {
    if (delay.toMillis() < 1) {
      run(work);
    } else if (!closed) {
      vertx.setTimer(delay.toMillis(), id -> run(work));
    }
  }

  void every(Duration interval, Runnable work) {
    vertx.setPeriodic(interval.toMillis(), id -> run(work));
  }

  /** From now on failures are expected. */
  void closing() {
    closed = true;
  }

  void close() {
    closed = true;
    threads.shutdownNow();
  }
}
