package io.yima.work;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;

/**
 * Runs one kind of work on this node: sleeps until woken, then claims as many pieces as it has room
 * for, and again at once while its claims come back full.
 */
final class WorkLoop {

  private static final Logger LOG = Logger.getLogger(WorkLoop.class);

  private final DueWork work;
  private final Semaphore room;
  private final Semaphore bell = new Semaphore(0);
  private volatile boolean stopping;

  WorkLoop(DueWork work) {
    this.work = work;
    this.room = new Semaphore(work.concurrency());
  }

  void start() {
    Thread.ofVirtual().name("work-" + work.kind()).start(this::loop);
  }

  void wake() {
    if (bell.availablePermits() == 0) {
      bell.release();
    }
  }

  /** Claims no more. */
  void stop() {
    stopping = true;
    bell.release();
  }

  /** Waits until nothing is under way, then gives leases back; tells whether that came in time. */
  boolean drain(Duration limit) throws InterruptedException {
    boolean drained = room.tryAcquire(work.concurrency(), limit.toMillis(), TimeUnit.MILLISECONDS);
    if (drained) {
      work.giveBack();
    }
    return drained;
  }

  private void loop() {
    while (!stopping) {
      bell.acquireUninterruptibly();
      bell.drainPermits();
      try {
        workOff();
      } catch (Throwable e) {
        // The next tick wakes this loop again: a lost database, or an error, must not end it.
        LOG.errorf(e, "%s could not claim", work.kind());
      }
    }
  }

  private void workOff() {
    boolean full = true;
    while (full && !stopping) {
      // Waiting for a quarter of the room keeps claims large while calls come back one by one.
      int atLeast = Math.max(1, work.concurrency() / 4);
      room.acquireUninterruptibly(atLeast);
      int free = atLeast + room.drainPermits();
      full = claimAndStart(free) == free;
    }
  }

  private int claimAndStart(int free) {
    int started = 0;
    try {
      if (stopping) {
        return 0;
      }
      List<Runnable> pieces = work.claim(free);
      for (Runnable piece : pieces) {
        Thread.ofVirtual().name(work.kind()).start(() -> run(piece));
        started++;
      }
      return started;
    } finally {
      room.release(free - started);
    }
  }

  private void run(Runnable piece) {
    try {
      piece.run();
    } catch (RuntimeException e) {
      LOG.errorf(e, "%s failed; its lease will run out and it will be tried again", work.kind());
    } finally {
      room.release();
    }
  }
}
