package io.yima.database;

import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stores what requests must know to be stored before they are answered, many in one statement. Who
 * comes alone is written at once; who comes while others are being written is written next, with
 * all who came meanwhile. One connection is in use at a time, however many ask.
 *
 * <p>Unlike background work, a request does not wait until the database is back.
 *
 * @param <R> a row
 */
public final class GroupCommit<R> {

  private static final Duration PATIENCE = Duration.ofMillis(1_500);
  private static final int MAX_BATCH = 500;

  /** SQLSTATE insufficient_resources. */
  private static final String TOO_SLOW = "53000";

  private final Consumer<List<R>> write;
  private final Queue<Pending<R>> queue = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean writing = new AtomicBoolean();

  private record Pending<R>(R row, CompletableFuture<@Nullable Void> committed) {}

  /**
   * @param write writes rows in one transaction: all of them, or none and throws
   */
  public GroupCommit(Consumer<List<R>> write) {
    this.write = write;
  }

  /**
   * Returns once the row is committed. Throws {@link DatabaseFailed} when it is not, or when that
   * is not known in time: then it may be stored all the same.
   */
  public void commit(R row) {
    OpenTransactions.refuse("a commit with others");
    Pending<R> pending = new Pending<>(row, new CompletableFuture<>());
    queue.add(pending);
    if (writing.compareAndSet(false, true)) {
      writeNext();
    }
    await(pending);
  }

  /** How many rows have not been taken for a batch yet. */
  int waiting() {
    return queue.size();
  }

  private void writeNext() {
    List<Pending<R>> batch = new ArrayList<>();
    try {
      for (Pending<R> next = queue.poll(); next != null; next = queue.poll()) {
        batch.add(next);
        if (batch.size() == MAX_BATCH) {
          break;
        }
      }
      if (!batch.isEmpty()) {
        write(batch);
      }
    } finally {
      writing.set(false);
      // On a thread of its own: who wrote for others once may go.
      if (!queue.isEmpty() && writing.compareAndSet(false, true)) {
        Thread.ofVirtual().name("group-commit").start(this::writeNext);
      }
    }
  }

  private void write(List<Pending<R>> batch) {
    try {
      write.accept(batch.stream().map(Pending::row).toList());
      batch.forEach(pending -> pending.committed().complete(null));
    } catch (Throwable e) {
      if (batch.size() > 1 && DatabaseFailed.mayBeOfOneRow(e)) {
        batch.forEach(pending -> write(List.of(pending)));
      } else {
        // Errors as well: nobody may wait for what will not come.
        batch.forEach(pending -> pending.committed().completeExceptionally(e));
      }
    }
  }

  private static void await(Pending<?> pending) {
    try {
      pending.committed().get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new DatabaseFailed(new SQLException("A commit with others took too long", TOO_SLOW, e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseFailed(new SQLException("Interrupted while waiting for a commit", e));
    }
  }
}
