package io.yima.codes;

import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/**
 * Lets a request wait for a turn to WeChat, but not for ever: a turn that takes longer goes on by
 * itself and is recorded all the same.
 */
@ApplicationScoped
class TurnInRequest {

  /** Half a second less than the contract's 8 s, for the database before and after. */
  private static final long LONGEST_WAIT_MILLIS = 7_500;

  private final TurnWriter writer;

  TurnInRequest(TurnWriter writer) {
    this.writer = writer;
  }

  /** The turn as recorded; empty when it is still under way or the row is someone else's. */
  Optional<Turn> run(Supplier<Turn> turn) {
    FutureTask<Optional<Turn>> task = new FutureTask<>(() -> writer.write(turn.get()));
    Thread.ofVirtual().name("application-turn").start(task);
    try {
      return task.get(LONGEST_WAIT_MILLIS, TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException("a turn to WeChat failed", e.getCause());
    }
  }
}
