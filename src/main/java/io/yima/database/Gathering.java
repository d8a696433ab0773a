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
import java.util.function.Function;

/**
 * Does what requests ask of the database for many of them at once. Who comes alone is served at
 * once; who comes while others are being served is served next, with all who came meanwhile. One
 * connection is in use at a time, however many ask.
 *
 * <p>Unlike background work, a request does not wait until the database is back.
 *
 * @param <Q> what is asked
 * @param <A> what is answered
 */
final class Gathering<Q, A> {

  private static final Duration PATIENCE = Duration.ofMillis(1_500);
  private static final int MAX_BATCH = 500;

  /** SQLSTATE insufficient_resources. */
  private static final String TOO_SLOW = "53000";

  private final String name;
  private final Function<List<Q>, List<A>> work;
  private final Queue<Pending<Q, A>> queue = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean working = new AtomicBoolean();

  private record Pending<Q, A>(Q question, CompletableFuture<A> answer) {}

  /**
   * @param name of what is done, for threads and errors
   * @param work answers all questions, in their order, or throws
   */
  Gathering(String name, Function<List<Q>, List<A>> work) {
    this.name = name;
    this.work = work;
  }

  /**
   * Answers, from a transaction that began after this was asked. Throws what the work threw, or
   * {@link DatabaseFailed} when there is no answer in time.
   */
  A ask(Q question) {
    OpenTransactions.refuse(name);
    Pending<Q, A> pending = new Pending<>(question, new CompletableFuture<>());
    queue.add(pending);
    if (working.compareAndSet(false, true)) {
      workNext();
    }
    return await(pending.answer());
  }

  /** How many have not been taken for a batch yet. */
  int waiting() {
    return queue.size();
  }

  private void workNext() {
    List<Pending<Q, A>> batch = new ArrayList<>();
    try {
      for (Pending<Q, A> next = queue.poll(); next != null; next = queue.poll()) {
        batch.add(next);
        if (batch.size() == MAX_BATCH) {
          break;
        }
      }
      if (!batch.isEmpty()) {
        work(batch);
      }
    } finally {
      working.set(false);
      // On a thread of its own: who worked for others once may go.
      if (!queue.isEmpty() && working.compareAndSet(false, true)) {
        Thread.ofVirtual().name(name).start(this::workNext);
      }
    }
  }

  private void work(List<Pending<Q, A>> batch) {
    try {
      List<A> answers = work.apply(batch.stream().map(Pending::question).toList());
      for (int at = 0; at < batch.size(); at++) {
        batch.get(at).answer().complete(answers.get(at));
      }
    } catch (Throwable e) {
      if (batch.size() > 1 && DatabaseFailed.mayBeOfOneRow(e)) {
        batch.forEach(pending -> work(List.of(pending)));
      } else {
        // Errors as well: nobody may wait for what will not come.
        batch.forEach(pending -> pending.answer().completeExceptionally(e));
      }
    }
  }

  private A await(CompletableFuture<A> answer) {
    try {
      return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (TimeoutException e) {
      throw new DatabaseFailed(new SQLException(name + " took too long", TOO_SLOW, e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DatabaseFailed(new SQLException("Interrupted while waiting for " + name, e));
    }
  }
}
