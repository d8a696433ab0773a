package io.yima.work;

import io.yima.database.DatabaseFailed;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jboss.logging.Logger;

/**
 * Writes many results in one statement. A result waits at most 20 ms for company, because until it
 * is committed it exists nowhere but here; a database that is away for a moment is waited for.
 *
 * @param <R> a result
 */
public final class BatchRecorder<R> {

  private static final Logger LOG = Logger.getLogger(BatchRecorder.class);
  private static final Duration LINGER = Duration.ofMillis(10);
  private static final Duration BETWEEN_TRIES = Duration.ofMillis(250);
  private static final int MAX_TRIES = 40;
  private static final int MAX_BATCH = 500;

  private final String name;
  private final Function<List<R>, Set<R>> write;
  private final BlockingQueue<Pending<R>> queue = new LinkedBlockingQueue<>();

  private record Pending<R>(R result, CompletableFuture<Boolean> written) {}

  /**
   * @param write writes results in one transaction and returns those whose row was still theirs
   */
  public BatchRecorder(String name, Function<List<R>, Set<R>> write) {
    this.name = name;
    this.write = write;
  }

  public void start() {
    Thread.ofVirtual().name("record-" + name).start(this::loop);
  }

  /**
   * Returns once the result is committed: true when the row was still ours, false when its lease
   * had gone to someone else and nothing was written. Throws {@link DatabaseFailed} when the
   * database stays away.
   */
  public boolean record(R result) {
    Pending<R> pending = new Pending<>(result, new CompletableFuture<>());
    queue.add(pending);
    try {
      return pending.written().join();
    } catch (CompletionException e) {
      throw e.getCause() instanceof RuntimeException cause ? cause : e;
    }
  }

  private void loop() {
    while (true) {
      List<Pending<R>> batch = new ArrayList<>();
      try {
        batch.add(queue.take());
      } catch (InterruptedException e) {
        return;
      }
      LockSupport.parkNanos(LINGER.toNanos());
      queue.drainTo(batch, MAX_BATCH - 1);
      write(batch);
    }
  }

  private void write(List<Pending<R>> batch) {
    List<R> results = batch.stream().map(Pending::result).toList();
    try {
      Set<R> written = writePersistently(results);
      batch.forEach(pending -> pending.written().complete(written.contains(pending.result())));
    } catch (RuntimeException e) {
      batch.forEach(pending -> pending.written().completeExceptionally(e));
    }
  }

  private Set<R> writePersistently(List<R> results) {
    for (int attempt = 1; ; attempt++) {
      try {
        return write.apply(results);
      } catch (DatabaseFailed e) {
        if (attempt == MAX_TRIES) {
          throw e;
        }
        LOG.warnf("%d results of %s wait for the database", results.size(), name);
        LockSupport.parkNanos(BETWEEN_TRIES.toNanos());
      }
    }
  }
}
