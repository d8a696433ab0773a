package io.yima.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.yima.database.DatabaseFailed;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class BatchRecorderTest {

  private static final WorkFigures FIGURES = new WorkFigures(new SimpleMeterRegistry());

  @Test
  void results_that_come_together_are_written_together_and_each_learns_its_fate() throws Exception {
    ConcurrentLinkedQueue<List<Integer>> batches = new ConcurrentLinkedQueue<>();
    BatchRecorder<Integer> recorder =
        new BatchRecorder<>(
            "test",
            FIGURES,
            results -> {
              batches.add(results);
              Set<Integer> ours = new HashSet<>(results);
              ours.removeIf(result -> result % 10 == 0);
              return ours;
            });
    List<Future<Boolean>> written;
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      written =
          IntStream.range(0, 200)
              .mapToObj(result -> executor.submit(() -> recorder.record(result)))
              .toList();
      await().until(() -> recorder.waiting() == 200);
      recorder.start();
    }

    for (int result = 0; result < 200; result++) {
      assertThat(written.get(result).get()).as("result %d", result).isEqualTo(result % 10 != 0);
    }
    assertThat(batches).extracting(List::size).containsExactly(200);
  }

  @Test
  void a_database_that_is_away_for_a_moment_loses_nothing() {
    AtomicInteger failures = new AtomicInteger(2);
    BatchRecorder<String> recorder =
        new BatchRecorder<>(
            "test",
            FIGURES,
            results -> {
              if (failures.getAndDecrement() > 0) {
                throw new DatabaseFailed(new SQLException("away"));
              }
              return new HashSet<>(results);
            });
    recorder.start();

    assertThat(recorder.record("a token that WeChat gave once")).isTrue();
  }

  @Test
  void a_statement_that_the_database_refuses_is_not_repeated() {
    AtomicInteger tries = new AtomicInteger();
    BatchRecorder<String> recorder =
        new BatchRecorder<>(
            "test",
            FIGURES,
            results -> {
              tries.incrementAndGet();
              throw new DatabaseFailed(new SQLException("no such column", "42703"));
            });
    recorder.start();

    assertThatThrownBy(() -> recorder.record("any")).isInstanceOf(DatabaseFailed.class);
    assertThat(tries).hasValue(1);
  }

  @Test
  void what_is_being_written_when_it_stops_is_written() throws Exception {
    CountDownLatch writing = new CountDownLatch(1);
    CountDownLatch stopped = new CountDownLatch(1);
    BatchRecorder<String> recorder =
        new BatchRecorder<>(
            "test",
            FIGURES,
            results -> {
              writing.countDown();
              while (stopped.getCount() > 0) {
                Thread.onSpinWait();
              }
              return new HashSet<>(results);
            });
    recorder.start();
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Boolean> result = executor.submit(() -> recorder.record("a token"));
      writing.await();
      recorder.stop();
      stopped.countDown();

      assertThat(result).succeedsWithin(Duration.ofMinutes(1)).isEqualTo(true);
    }
  }

  @Test
  void a_bug_reaches_the_one_whose_result_it_was_and_the_recorder_goes_on() {
    BatchRecorder<String> recorder =
        new BatchRecorder<>(
            "test",
            FIGURES,
            results -> {
              if (results.contains("bad")) {
                throw new IllegalStateException("a bug");
              }
              return new HashSet<>(results);
            });
    recorder.start();

    assertThatThrownBy(() -> recorder.record("bad")).isInstanceOf(IllegalStateException.class);
    assertThat(recorder.record("good")).isTrue();
  }

  @Test
  void one_result_that_cannot_be_written_does_not_take_its_batch_with_it() throws Exception {
    BatchRecorder<Integer> recorder =
        new BatchRecorder<>(
            "test",
            FIGURES,
            results -> {
              if (results.contains(13)) {
                throw new DatabaseFailed(new SQLException("invalid byte sequence", "22021"));
              }
              return new HashSet<>(results);
            });
    List<Future<Boolean>> written;
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      written =
          IntStream.range(0, 50)
              .mapToObj(result -> executor.submit(() -> recorder.record(result)))
              .toList();
      recorder.start();
    }

    for (int result = 0; result < 50; result++) {
      assertThat(written.get(result).state())
          .as("result %d", result)
          .isEqualTo(result == 13 ? Future.State.FAILED : Future.State.SUCCESS);
    }
  }

  @Test
  void what_gathers_while_a_batch_is_written_follows_in_full_batches() throws Exception {
    List<Integer> sizes = new CopyOnWriteArrayList<>();
    CountDownLatch gate = new CountDownLatch(1);
    BatchRecorder<Integer> recorder =
        new BatchRecorder<>(
            "test",
            FIGURES,
            results -> {
              sizes.add(results.size());
              awaitUninterruptibly(gate);
              return Set.copyOf(results);
            });
    recorder.start();

    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      executor.submit(() -> recorder.record(-1));
      await().until(() -> sizes.size() == 1);
      List<Future<Boolean>> written =
          IntStream.range(0, 1_200)
              .mapToObj(result -> executor.submit(() -> recorder.record(result)))
              .toList();
      await().until(() -> recorder.waiting() == 1_200);
      gate.countDown();
      for (Future<Boolean> one : written) {
        assertThat(one.get()).isTrue();
      }
    }

    assertThat(sizes).containsExactly(1, 500, 500, 200);
  }

  @Test
  void sizes_waits_and_lost_leases_are_told() {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    BatchRecorder<Integer> recorder =
        new BatchRecorder<>(
            "told",
            new WorkFigures(registry),
            results -> results.contains(1) ? Set.of(1) : Set.of());
    recorder.start();

    recorder.record(1);
    recorder.record(2);

    assertThat(registry.get("yima_work_write_back_size").tag("kind", "told").summary())
        .satisfies(sizes -> assertThat(sizes.count()).isEqualTo(2))
        .satisfies(sizes -> assertThat(sizes.totalAmount()).isEqualTo(2));
    assertThat(registry.get("yima_work_write_back").tag("kind", "told").timer().count())
        .isEqualTo(2);
    assertThat(registry.get("yima_work_lost_leases").tag("kind", "told").counter().count())
        .isEqualTo(1);
  }

  private static void awaitUninterruptibly(CountDownLatch gate) {
    await().until(() -> gate.getCount() == 0);
  }
}
