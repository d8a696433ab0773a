package io.yima.work;

import io.micrometer.core.instrument.DistributionSummary;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jboss.logging.Logger;

/**
 * Runs one kind of work on this node: sleeps until woken, then claims as many pieces as it has room
 * for, and again at once while its claims come back full.
 */
final class WorkLoop {

  private static final Logger LOG = Logger.getLogger(WorkLoop.class);

  private final DueWork work;
  private final DistributionSummary claims;
  private final Semaphore bell = new Semaphore(0);
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition ended = lock.newCondition();
  private int underWay;
  private volatile boolean stopping;

  WorkLoop(DueWork work, WorkFigures figures) {
    this.work = work;
    this.claims = figures.claims(work.kind());
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
    lock.lock();
    try {
      long left = limit.toNanos();
      while (underWay > 0) {
        if (left <= 0) {
          return false;
        }
        left = ended.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
    work.giveBack();
    return true;
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
    while (full) {
      int free = takeRoom();
      full = free > 0 && claimAndStart(free) == free;
    }
  }

  /**
   * Waits for a quarter of the room, which keeps claims large while calls come back one by one.
   * None when there is no room but for what others do: the next tick looks again.
   */
  private int takeRoom() {
    lock.lock();
    try {
      while (!stopping) {
        int room = work.concurrency();
        int free = room - underWay;
        if (free > 0 && free >= room / 4) {
          underWay += free;
          return free;
        }
        if (underWay == 0) {
          return 0;
        }
        ended.awaitUninterruptibly();
      }
      return 0;
    } finally {
      lock.unlock();
    }
  }

  private int claimAndStart(int free) {
    int started = 0;
    try {
      List<Runnable> pieces = work.claim(free);
      claims.record(pieces.size());
      for (Runnable piece : pieces) {
        Thread.ofVirtual().name(work.kind()).start(() -> run(piece));
        started++;
      }
      return started;
    } finally {
      release(free - started);
    }
  }

  private void run(Runnable piece) {
    try {
      piece.run();
    } catch (RuntimeException e) {
      LOG.errorf(e, "%s failed; its lease will run out and it will be tried again", work.kind());
    } finally {
      release(1);
    }
  }

  private void release(int pieces) {
    lock.lock();
    try {
      underWay -= pieces;
      ended.signalAll();
    } finally {
      lock.unlock();
    }
  }
}
