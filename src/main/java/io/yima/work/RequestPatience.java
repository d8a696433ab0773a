package io.yima.work;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** For how long a request waits for WeChat, and no longer: what takes more goes on by itself. */
public final class RequestPatience {

  /** Half a second less than the contract's 8 s, for the database before and after. */
  public static final Duration LONGEST_WAIT = Duration.ofMillis(7_500);

  /** Less than the 5 s after which the most used SDK of WeChat's protocol gives a call up. */
  public static final Duration OF_SDKS = Duration.ofSeconds(4);

  private RequestPatience() {}

  /** What the work gave; empty when it is still under way. Throws what it threw. */
  public static <T> Optional<T> await(String name, Duration patience, Callable<T> work) {
    return await(start(name, work), patience);
  }

  /** Starts work that a request waits for beside other work; the name is its thread's. */
  public static <T> FutureTask<T> start(String name, Callable<T> work) {
    FutureTask<T> task = new FutureTask<>(work);
    Thread.ofVirtual().name(name).start(task);
    return task;
  }

  /** {@link #await(String, Duration, Callable)} for work that was started before. */
  public static <T> Optional<T> await(FutureTask<T> task, Duration patience) {
    try {
      return Optional.of(task.get(patience.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException("what a request waits for failed", e.getCause());
    }
  }
}
