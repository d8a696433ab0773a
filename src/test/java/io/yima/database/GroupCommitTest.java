package io.yima.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupCommitTest {

  private static final int ALONE = -1;

  private final CountDownLatch gate = new CountDownLatch(1);
  private final List<Integer> sizes = new CopyOnWriteArrayList<>();
  private final Set<Integer> stored = ConcurrentHashMap.newKeySet();

  @Test
  void who_comes_alone_is_written_alone() {
    GroupCommit<Integer> commits = new GroupCommit<>(this::store);

    commits.commit(1);
    assertThat(stored).containsExactly(1);
    commits.commit(2);

    assertThat(stored).containsExactlyInAnyOrder(1, 2);
    assertThat(sizes).containsExactly(1, 1);
  }

  @Test
  void who_comes_while_others_are_written_is_written_next_with_all_who_came_meanwhile()
      throws Exception {
    List<Future<Boolean>> told = together(1_200, this::store);

    assertThat(told).allSatisfy(one -> assertThat(one.get()).isTrue());
    assertThat(sizes).containsExactly(1, 500, 500, 200);
  }

  @Test
  void nobody_returns_before_its_row_is_stored() throws Exception {
    AtomicBoolean overlapped = new AtomicBoolean();
    AtomicInteger writers = new AtomicInteger();
    GroupCommit<Integer> commits =
        new GroupCommit<>(
            rows -> {
              overlapped.compareAndSet(false, writers.incrementAndGet() > 1);
              stored.addAll(rows);
              writers.decrementAndGet();
            });
    List<Future<Boolean>> found;
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      found =
          IntStream.range(0, 5_000)
              .mapToObj(
                  row ->
                      executor.submit(
                          () -> {
                            commits.commit(row);
                            return stored.contains(row);
                          }))
              .toList();
    }

    assertThat(found).allSatisfy(one -> assertThat(one.get()).isTrue());
    assertThat(overlapped).as("one connection at a time").isFalse();
  }

  @Test
  void a_database_that_is_away_fails_all_of_a_batch_and_is_not_asked_again() throws Exception {
    List<Future<Boolean>> told =
        together(
            50,
            rows -> {
              sizes.add(rows.size());
              throw new DatabaseFailed(new SQLException("no space left on device", "53100"));
            });

    assertThat(told)
        .allSatisfy(one -> assertThat(one.exceptionNow()).isInstanceOf(DatabaseFailed.class));
    assertThat(sizes).containsExactly(1, 50);
  }

  @Test
  void one_row_that_cannot_be_written_does_not_take_its_batch_with_it() throws Exception {
    List<Future<Boolean>> told =
        together(
            50,
            rows -> {
              if (rows.contains(13)) {
                throw new DatabaseFailed(new SQLException("invalid byte sequence", "22021"));
              }
              stored.addAll(rows);
            });

    for (int row = 0; row < 50; row++) {
      assertThat(told.get(row).state())
          .as("row %d", row)
          .isEqualTo(row == 13 ? Future.State.FAILED : Future.State.SUCCESS);
    }
    assertThat(stored).hasSize(50).contains(ALONE).doesNotContain(13);
  }

  @Test
  void an_error_reaches_who_waits_and_the_next_is_written() {
    AtomicBoolean broken = new AtomicBoolean(true);
    GroupCommit<Integer> commits =
        new GroupCommit<>(
            rows -> {
              if (broken.getAndSet(false)) {
                throw new StackOverflowError();
              }
              store(rows);
            });

    assertThatThrownBy(() -> commits.commit(1))
        .isInstanceOf(IllegalStateException.class)
        .hasCauseInstanceOf(StackOverflowError.class);
    commits.commit(2);

    assertThat(stored).containsExactly(2);
  }

  @Test
  void who_is_within_a_transaction_is_refused() {
    GroupCommit<Integer> commits = new GroupCommit<>(this::store);

    assertThatThrownBy(
            () -> ScopedValue.where(OpenTransactions.WORKER, true).run(() -> commits.commit(1)))
        .isInstanceOf(IllegalStateException.class);
    assertThat(stored).isEmpty();
  }

  /** So many rows come while another one, which comes alone, is being written. */
  private List<Future<Boolean>> together(int rows, Consumer<List<Integer>> write) throws Exception {
    CountDownLatch writing = new CountDownLatch(1);
    GroupCommit<Integer> commits =
        new GroupCommit<>(
            batch -> {
              if (batch.contains(ALONE)) {
                writing.countDown();
                awaitUninterruptibly(gate);
                store(batch);
              } else {
                write.accept(batch);
              }
            });
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      executor.submit(() -> commits.commit(ALONE));
      writing.await();
      List<Future<Boolean>> told =
          IntStream.range(0, rows)
              .mapToObj(
                  row ->
                      executor.submit(
                          () -> {
                            commits.commit(row);
                            return true;
                          }))
              .toList();
      await().until(() -> commits.waiting() == rows);
      gate.countDown();
      return told;
    }
  }

  private void store(List<Integer> rows) {
    sizes.add(rows.size());
    stored.addAll(rows);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    while (latch.getCount() > 0) {
      Thread.onSpinWait();
    }
  }
}
