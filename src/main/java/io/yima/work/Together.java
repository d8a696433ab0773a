package io.yima.work;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Runs pieces of work side by side on virtual threads. */
final class Together {

  private Together() {}

  /** Returns when all are done; throws the first exception that one of them threw. */
  static void run(List<Runnable> pieces) {
    List<Future<?>> running = new ArrayList<>();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      pieces.forEach(piece -> running.add(executor.submit(piece)));
    }
    running.forEach(Together::rethrow);
  }

  private static void rethrow(Future<?> done) {
    try {
      done.get();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a piece of work failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
