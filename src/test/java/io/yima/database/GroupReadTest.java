package io.yima.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GroupReadTest {

  private final Map<Integer, String> rows = new ConcurrentHashMap<>(Map.of(1, "one", 2, "two"));
  private final List<Set<Integer>> asked = new CopyOnWriteArrayList<>();
  private final CountDownLatch gate = new CountDownLatch(1);

  @Test
  void who_comes_alone_is_answered_alone() {
    GroupRead<Integer, String> reads = new GroupRead<>("a test", this::read);

    assertThat(reads.find(1)).contains("one");
    assertThat(reads.find(3)).isEmpty();
    assertThat(asked).containsExactly(Set.of(1), Set.of(3));
  }

  @Test
  void who_comes_while_others_read_sees_what_was_stored_meanwhile() throws Exception {
    GroupRead<Integer, String> reads = new GroupRead<>("a test", this::readBehindGate);
    try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<Optional<String>> first = executor.submit(() -> reads.find(1));
      await().until(() -> asked.size() == 1);
      rows.put(1, "changed");
      rows.put(3, "three");
      List<Future<Optional<String>>> later =
          IntStream.range(0, 300)
              .mapToObj(number -> executor.submit(() -> reads.find(1 + number % 4)))
              .toList();
      await().until(() -> reads.waiting() == 300);
      gate.countDown();

      assertThat(first.get()).contains("one");
      for (int number = 0; number < 300; number++) {
        assertThat(later.get(number).get())
            .isEqualTo(Optional.ofNullable(rows.get(1 + number % 4)));
      }
    }
    assertThat(asked).containsExactly(Set.of(1), Set.of(1, 2, 3, 4));
  }

  @Test
  void a_database_that_is_away_is_a_failure_of_all() {
    GroupRead<Integer, String> reads =
        new GroupRead<>(
            "a test",
            _ -> {
              throw new DatabaseFailed(new SQLException("gone", "08006"));
            });

    assertThatThrownBy(() -> reads.find(1)).isInstanceOf(DatabaseFailed.class);
  }

  private Map<Integer, String> readBehindGate(Set<Integer> keys) {
    Map<Integer, String> found = read(keys);
    try {
      gate.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return found;
  }

  private Map<Integer, String> read(Set<Integer> keys) {
    asked.add(keys);
    return keys.stream()
        .filter(rows::containsKey)
        .collect(Collectors.toMap(Function.identity(), rows::get));
  }
}
