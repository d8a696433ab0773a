package io.yima.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkTickTest {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final AtomicInteger ticks = new AtomicInteger();
  private final CountDownLatch begun = new CountDownLatch(1);
  private final CountDownLatch mayEnd = new CountDownLatch(1);
  private final AtomicBoolean ended = new AtomicBoolean();

  @Test
  void it_asks_again_and_again_until_it_is_stopped() throws Exception {
    WorkTick tick = new WorkTick(ticks::incrementAndGet, Duration.ofMillis(1));
    tick.start();
    await().until(() -> ticks.get() > 3);

    assertThat(tick.stop(PATIENCE)).isTrue();

    int last = ticks.get();
    assertThat(tick.stop(Duration.ofMillis(20))).isTrue();
    assertThat(ticks.get()).isEqualTo(last);
  }

  /** What it works with is closed once it has stopped: it must not find that out by an error. */
  @Test
  void it_has_not_stopped_before_what_is_under_way_has_ended() throws Exception {
    WorkTick tick = new WorkTick(this::slowly, Duration.ofMillis(1));
    tick.start();
    begun.await();
    AtomicBoolean endedFirst = new AtomicBoolean();
    Thread stopping = Thread.ofPlatform().start(() -> endedFirst.set(stopped(tick) && ended.get()));
    await()
        .until(
            () ->
                stopping.getState() == Thread.State.TIMED_WAITING
                    || stopping.getState() == Thread.State.TERMINATED);

    mayEnd.countDown();
    stopping.join();

    assertThat(endedFirst).isTrue();
  }

  @Test
  void it_does_not_keep_a_node_from_ending_for_ever() throws Exception {
    WorkTick tick = new WorkTick(this::slowly, Duration.ofMillis(1));
    tick.start();
    begun.await();

    assertThat(tick.stop(Duration.ofMillis(1))).isFalse();

    mayEnd.countDown();
    assertThat(tick.stop(PATIENCE)).isTrue();
  }

  private void slowly() {
    ticks.incrementAndGet();
    begun.countDown();
    try {
      mayEnd.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ended.set(true);
  }

  private static boolean stopped(WorkTick tick) {
    try {
      return tick.stop(PATIENCE);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
