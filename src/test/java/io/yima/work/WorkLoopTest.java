package io.yima.work;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class WorkLoopTest {

  private static final WorkFigures FIGURES = new WorkFigures(new SimpleMeterRegistry());

  /** Hands out so many pieces and remembers how. */
  private static final class Heap implements DueWork {

    private final AtomicInteger left;
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger underWay = new AtomicInteger();
    private final AtomicInteger mostUnderWay = new AtomicInteger();
    private final AtomicInteger claims = new AtomicInteger();
    private final AtomicInteger givenBack = new AtomicInteger();
    private final AtomicInteger failingClaims = new AtomicInteger();
    private final AtomicInteger concurrency = new AtomicInteger(8);
    private volatile CountDownLatch gate = new CountDownLatch(0);

    Heap(int pieces) {
      left = new AtomicInteger(pieces);
    }

    @Override
    public String kind() {
      return "heap";
    }

    @Override
    public String dueCondition() {
      return "true";
    }

    @Override
    public Duration pollEvery() {
      return Duration.ofSeconds(1);
    }

    @Override
    public int concurrency() {
      return concurrency.get();
    }

    @Override
    public List<Runnable> claim(int limit) {
      claims.incrementAndGet();
      if (failingClaims.getAndDecrement() > 0) {
        throw new IllegalStateException("the database is away");
      }
      List<Runnable> pieces = new ArrayList<>();
      while (pieces.size() < limit && left.getAndDecrement() > 0) {
        pieces.add(this::work);
      }
      return pieces;
    }

    private void work() {
      mostUnderWay.accumulateAndGet(underWay.incrementAndGet(), Math::max);
      try {
        gate.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      underWay.decrementAndGet();
      if (done.incrementAndGet() % 7 == 0) {
        throw new IllegalStateException("a piece that fails must not end the loop");
      }
    }

    @Override
    public void giveBack() {
      givenBack.incrementAndGet();
    }
  }

  @Test
  void one_call_of_the_bell_works_off_everything_that_is_due() {
    Heap heap = new Heap(100);
    WorkLoop loop = new WorkLoop(heap, FIGURES);
    loop.start();

    loop.wake();

    await().untilAsserted(() -> assertThat(heap.done).hasValue(100));
    assertThat(heap.mostUnderWay.get()).isLessThanOrEqualTo(8);
    assertThat(heap.claims.get()).as("pieces are claimed many at a time").isLessThan(60);
  }

  @Test
  void an_idle_loop_claims_once_a_call_of_the_bell_and_no_more() {
    Heap heap = new Heap(0);
    WorkLoop loop = new WorkLoop(heap, FIGURES);
    loop.start();

    for (int bell = 1; bell <= 5; bell++) {
      int rung = bell;
      loop.wake();
      await().until(() -> heap.claims.get() == rung);
    }

    await().during(Duration.ofMillis(200)).until(() -> heap.claims.get() == 5);
  }

  @Test
  void without_room_nothing_is_claimed_until_there_is_some_again() {
    Heap heap = new Heap(20);
    heap.concurrency.set(0);
    WorkLoop loop = new WorkLoop(heap, FIGURES);
    loop.start();

    loop.wake();
    await().during(Duration.ofMillis(200)).until(() -> heap.claims.get() == 0);
    heap.concurrency.set(3);
    loop.wake();

    await().untilAsserted(() -> assertThat(heap.done).hasValue(20));
    assertThat(heap.mostUnderWay.get()).isLessThanOrEqualTo(3);
  }

  @Test
  void when_room_shrinks_what_is_under_way_counts_against_it() {
    Heap heap = new Heap(20);
    heap.gate = new CountDownLatch(1);
    WorkLoop loop = new WorkLoop(heap, FIGURES);
    loop.start();
    loop.wake();
    await().until(() -> heap.underWay.get() == 8);

    heap.concurrency.set(2);
    int claims = heap.claims.get();
    heap.gate.countDown();

    await().untilAsserted(() -> assertThat(heap.done).hasValue(20));
    assertThat(heap.claims.get() - claims).as("claims of two at most").isGreaterThanOrEqualTo(6);
  }

  @Test
  void a_claim_that_fails_does_not_end_the_loop() {
    Heap heap = new Heap(3);
    heap.failingClaims.set(1);
    WorkLoop loop = new WorkLoop(heap, FIGURES);
    loop.start();

    loop.wake();
    await().until(() -> heap.claims.get() == 1);
    loop.wake();

    await().untilAsserted(() -> assertThat(heap.done).hasValue(3));
  }

  @Test
  void leases_are_given_back_only_when_nothing_is_under_way() throws InterruptedException {
    Heap heap = new Heap(4);
    heap.gate = new CountDownLatch(1);
    WorkLoop loop = new WorkLoop(heap, FIGURES);
    loop.start();
    loop.wake();
    await().until(() -> heap.underWay.get() == 4);

    loop.stop();

    assertThat(loop.drain(Duration.ofMillis(50))).isFalse();
    assertThat(heap.givenBack).hasValue(0);
    heap.gate.countDown();
    assertThat(loop.drain(Duration.ofSeconds(10))).isTrue();
    assertThat(heap.givenBack).hasValue(1);
  }

  @Test
  void a_test_may_work_off_what_is_due_without_a_loop() {
    Heap heap = new Heap(5);

    assertThat(heap.runDue(3)).isEqualTo(3);
    assertThat(heap.runDue(3)).isEqualTo(2);
    assertThat(heap.runDue(3)).isZero();
    assertThat(heap.done).hasValue(5);
  }

  @Test
  void every_claim_tells_how_much_it_took() throws Exception {
    SimpleMeterRegistry registry = new SimpleMeterRegistry();
    Heap heap = new Heap(20);
    WorkLoop loop = new WorkLoop(heap, new WorkFigures(registry));
    loop.start();

    loop.wake();
    await().until(() -> heap.done.get() == 20);
    loop.stop();
    assertThat(loop.drain(Duration.ofSeconds(10))).isTrue();

    assertThat(registry.get("yima_work_claim_size").tag("kind", "heap").summary())
        .satisfies(sizes -> assertThat(sizes.count()).isBetween(3L, (long) heap.claims.get()))
        .satisfies(sizes -> assertThat(sizes.totalAmount()).isEqualTo(20));
  }
}
