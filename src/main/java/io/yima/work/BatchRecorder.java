package io.yima.work;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Timer;
import io.yima.database.DatabaseFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Writes many results in one statement. A result waits for company until 17 ms after it came, and
 * so is written within 20 ms, because until then it exists nowhere but here; one that comes alone,
 * after one that came alone, and a full batch wait for nobody. A database that is away for a moment
 * is waited for.
 *
 * @param <R> a result
 */
public final class BatchRecorder<R> {

  private static final Logger LOG = Logger.getLogger(BatchRecorder.class);
  private static final Duration LINGER = Duration.ofMillis(17);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(250);
  private static final int MAX_BATCH = 500;

  private final String kind;
  private final DistributionSummary sizes;
  private final Timer unstored;
  private final Counter lostLeases;
  private final Function<List<R>, Set<R>> write;
  private final BlockingQueue<Pending<R>> queue = new LinkedBlockingQueue<>();
  private final Thread thread;
  private volatile boolean stopping;
  private volatile boolean ended;

  private record Pending<R>(R result, long arrivedAt, CompletableFuture<Boolean> written) {}

  /**
   * @param kind of the work, for metrics and logs
   * @param write writes results in one transaction and returns those whose row was still theirs
   */
  public BatchRecorder(String kind, WorkFigures figures, Function<List<R>, Set<R>> write) {
    this.kind = kind;
    this.sizes = figures.writeBacks(kind);
    this.unstored = figures.unstored(kind);
    this.lostLeases = figures.lostLeases(kind);
    this.write = write;
    this.thread = Thread.ofVirtual().name("record-" + kind).unstarted(this::loop);
  }

  public void start() {
    thread.start();
  }

  /** Ends once everything that waits is written, or cannot be. */
  public void stop() {
    stopping = true;
    thread.interrupt();
  }

  /**
   * Returns once the result is committed: true when the row was still ours, false when its lease
   * had gone to someone else and nothing was written. A database that is away is waited for, as
   * long as this node runs. Throws {@link DatabaseFailed} when it refuses the statement, and {@link
   * IllegalStateException} when this node has stopped.
   */
  public boolean record(R result) {
    Pending<R> pending = new Pending<>(result, System.nanoTime(), new CompletableFuture<>());
    queue.add(pending);
    if (isFull()) {
      LockSupport.unpark(thread);
    }
    if (ended) {
      refuseWhatIsLeft();
    }
    try {
      return pending.written().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  /** How many results have not been taken for a batch yet. */
  int waiting() {
    return queue.size();
  }

  private void loop() {
    boolean alone = true;
    while (!stopping || !queue.isEmpty()) {
      List<Pending<R>> batch = new ArrayList<>();
      try {
        batch.add(queue.take());
      } catch (InterruptedException e) {
        // Stopping: what is still in the queue is written all the same.
        continue;
      }
      if (!alone || !queue.isEmpty()) {
        linger(batch.getFirst().arrivedAt());
      }
      queue.drainTo(batch, MAX_BATCH - 1);
      alone = batch.size() == 1;
      write(batch);
    }
    ended = true;
    refuseWhatIsLeft();
  }

  /** What came while the batch before was written has waited already. */
  private void linger(long arrivedAt) {
    long end = arrivedAt + LINGER.toNanos();
    for (long left = end - System.nanoTime();
        left > 0 && !isFull() && !stopping;
        left = end - System.nanoTime()) {
      LockSupport.parkNanos(left);
    }
  }

  /** Together with the result that was taken already. */
  private boolean isFull() {
    return queue.size() >= MAX_BATCH - 1;
  }

  /** Nobody writes any more: whoever comes now must not wait. */
  private void refuseWhatIsLeft() {
    for (Pending<R> late = queue.poll(); late != null; late = queue.poll()) {
      late.written().completeExceptionally(new IllegalStateException(kind + " has stopped"));
    }
  }

  private void write(List<Pending<R>> batch) {
    List<R> results = batch.stream().map(Pending::result).toList();
    try {
      Set<R> written = writePersistently(results);
      sizes.record(batch.size());
      batch.forEach(pending -> tell(pending, written.contains(pending.result())));
    } catch (Throwable e) {
      if (batch.size() > 1 && DatabaseFailed.mayBeOfOneRow(e)) {
        batch.forEach(pending -> write(List.of(pending)));
      } else {
        // Errors as well: whoever waits must not wait for ever, and this thread must go on.
        batch.forEach(pending -> pending.written().completeExceptionally(e));
      }
    }
  }

  private void tell(Pending<R> pending, boolean written) {
    unstored.record(System.nanoTime() - pending.arrivedAt(), TimeUnit.NANOSECONDS);
    if (!written) {
      lostLeases.increment();
    }
    pending.written().complete(written);
  }

  private Set<R> writePersistently(List<R> results) {
    while (true) {
      try {
        return write.apply(results);
      } catch (DatabaseFailed e) {
        if (stopping || !e.isPassing()) {
          throw e;
        }
        LOG.warnf("%d results of %s wait for the database", results.size(), kind);
        LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
      }
    }
  }
}
