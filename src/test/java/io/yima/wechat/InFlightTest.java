package io.yima.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yima.wechat.InFlight.Entry;
import io.yima.wechat.InFlight.Entry.Place;
import io.yima.wechat.InFlight.Entry.Refused;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class InFlightTest {

  private final AtomicLong nanos = new AtomicLong();
  private final InFlight inFlight = new InFlight(new Bound(10), new Circuit(nanos::get));

  @Test
  void background_work_leaves_a_fifth_to_callers_who_wait() {
    takeAll(Urgency.AHEAD, 8);

    assertThat(at(Urgency.EXPIRED, Duration.ZERO)).isInstanceOf(Refused.class);
    assertThat(at(Urgency.INTERACTIVE, Duration.ZERO)).isInstanceOf(Place.class);
    assertThat(at(Urgency.INTERACTIVE, Duration.ZERO)).isInstanceOf(Place.class);
    assertThat(at(Urgency.INTERACTIVE, Duration.ZERO)).isInstanceOf(Refused.class);
    assertThat(inFlight.count()).isEqualTo(10);
  }

  @Test
  void callers_who_wait_may_have_all_of_it() {
    takeAll(Urgency.INTERACTIVE, 10);

    assertThat(at(Urgency.EXPIRED, Duration.ZERO)).isInstanceOf(Refused.class);
  }

  @Test
  void the_most_urgent_enters_first_and_in_order_among_equals() {
    Queue<Place> places = takeAll(Urgency.INTERACTIVE, 10);
    Queue<String> entered = new ConcurrentLinkedQueue<>();
    waits("sync", Urgency.SYNC, entered);
    waits("ahead", Urgency.AHEAD, entered);
    waits("expired 1", Urgency.EXPIRED, entered);
    waits("expired 2", Urgency.EXPIRED, entered);
    waits("caller", Urgency.INTERACTIVE, entered);

    for (String next : List.of("caller", "expired 1", "expired 2", "ahead", "sync")) {
      int before = entered.size();
      inFlight.leave(places.remove(), Sign.SERVED);
      await().until(() -> entered.size() == before + 1);
      assertThat(entered).last().isEqualTo(next);
    }
  }

  @Test
  void nobody_overtakes_those_who_wait_longer_with_the_same_urgency() {
    Queue<Place> places = takeAll(Urgency.AHEAD, 8);
    Queue<String> entered = new ConcurrentLinkedQueue<>();
    waits("first", Urgency.AHEAD, entered);

    assertThat(at(Urgency.SYNC, Duration.ZERO)).isInstanceOf(Refused.class);
    inFlight.leave(places.remove(), Sign.SERVED);

    await().until(() -> entered.contains("first"));
    assertThat(at(Urgency.AHEAD, Duration.ZERO)).isInstanceOf(Refused.class);
  }

  @Test
  void under_strain_fewer_enter_until_enough_have_left() {
    Queue<Place> places = takeAll(Urgency.INTERACTIVE, 10);

    inFlight.leave(places.remove(), Sign.STRAINED);
    inFlight.leave(places.remove(), Sign.STRAINED);

    assertThat(inFlight.limit()).isEqualTo(7);
    assertThat(at(Urgency.INTERACTIVE, Duration.ZERO)).isInstanceOf(Refused.class);
    inFlight.leave(places.remove(), Sign.SERVED);
    inFlight.leave(places.remove(), Sign.SERVED);
    assertThat(at(Urgency.INTERACTIVE, Duration.ZERO)).isInstanceOf(Place.class);
  }

  @Test
  void an_open_circuit_turns_away_who_comes_and_who_waits() throws Exception {
    failOneByOne(50);
    Queue<Place> places = takeAll(Urgency.INTERACTIVE, inFlight.limit());
    CompletableFuture<Entry> waiting =
        CompletableFuture.supplyAsync(
            () -> at(Urgency.INTERACTIVE, Duration.ofMinutes(1)),
            task -> Thread.ofVirtual().start(task));
    await().until(() -> inFlight.waiting(Urgency.INTERACTIVE) == 1);

    inFlight.leave(places.remove(), Sign.STRAINED);

    assertThat(waiting.get()).isInstanceOf(Refused.class);
    assertThat(at(Urgency.INTERACTIVE, Duration.ofMinutes(1))).isInstanceOf(Refused.class);
    assertThat(capacities()).containsOnly(0);
  }

  @Test
  void a_circuit_that_is_half_open_lets_a_few_be_claimed_and_called_whatever_else_is_under_way() {
    failOneByOne(50);
    Queue<Place> places = takeAll(Urgency.INTERACTIVE, inFlight.limit());
    inFlight.leave(places.remove(), Sign.STRAINED);
    nanos.addAndGet(Circuit.PAUSE.toNanos());

    assertThat(capacities()).containsOnly(Circuit.PROBES);
    List<Place> probes = new ArrayList<>(takeAll(Urgency.AHEAD, Circuit.PROBES));
    assertThat(at(Urgency.INTERACTIVE, Duration.ofMinutes(1))).isInstanceOf(Refused.class);
    assertThat(capacities()).containsOnly(0);

    probes.forEach(probe -> inFlight.leave(probe, Sign.SERVED));
    assertThat(inFlight.circuit()).isEqualTo(Circuit.State.CLOSED);
    assertThat(inFlight.capacity(Urgency.INTERACTIVE)).isEqualTo(2 * inFlight.limit());
  }

  @Test
  void probes_that_fail_do_not_shrink_what_is_left_of_the_bound() {
    failOneByOne(51);
    int limit = inFlight.limit();
    for (int probe = 0; probe < 100; probe++) {
      nanos.addAndGet(Circuit.PAUSE.toNanos());
      inFlight.leave((Place) at(Urgency.AHEAD, Duration.ZERO), Sign.STRAINED);
    }

    assertThat(inFlight.limit()).isEqualTo(limit);
  }

  @Test
  void what_is_less_urgent_has_room_only_for_what_the_others_leave() {
    assertThat(inFlight.capacity(Urgency.EXPIRED)).isEqualTo(16);
    assertThat(inFlight.capacity(Urgency.SYNC)).isEqualTo(16);

    takeAll(Urgency.AHEAD, 3);
    takeAll(Urgency.EXPIRED, 2);
    takeAll(Urgency.INTERACTIVE, 4);

    assertThat(inFlight.capacity(Urgency.EXPIRED)).isEqualTo(12);
    assertThat(inFlight.capacity(Urgency.AHEAD)).isEqualTo(8);
    assertThat(inFlight.capacity(Urgency.SYNC)).isEqualTo(2);
  }

  /** Every place is given back, and none is given twice, whatever order things happen in. */
  @Test
  void places_neither_leak_nor_multiply() {
    for (long seed = 1; seed <= 20; seed++) {
      InFlight crowded = new InFlight(new Bound(6), new Circuit(nanos::get));
      RandomGenerator seeds = RandomGeneratorFactory.getDefault().create(seed);
      try (ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int worker = 0; worker < 40; worker++) {
          RandomGenerator random = RandomGeneratorFactory.getDefault().create(seeds.nextLong());
          executor.submit(() -> comeAndGo(crowded, random));
        }
      }

      assertThat(crowded.count()).as("seed %d", seed).isZero();
      for (Urgency urgency : Urgency.values()) {
        assertThat(crowded.waiting(urgency)).as("seed %d %s", seed, urgency).isZero();
        assertThat(crowded.count(urgency)).as("seed %d %s", seed, urgency).isZero();
      }
    }
  }

  private static void comeAndGo(InFlight crowded, RandomGenerator random) {
    for (int call = 0; call < 50; call++) {
      Urgency urgency = Urgency.values()[random.nextInt(Urgency.values().length)];
      Deadline deadline = Deadline.in(Duration.ofNanos(random.nextLong(2_000_000)), urgency);
      if (crowded.enter(deadline) instanceof Place place) {
        Thread.yield();
        crowded.leave(place, random.nextInt(30) == 0 ? Sign.STRAINED : Sign.SERVED);
      }
    }
  }

  private void failOneByOne(int calls) {
    for (int call = 0; call < calls; call++) {
      inFlight.leave((Place) at(Urgency.INTERACTIVE, Duration.ZERO), Sign.STRAINED);
    }
  }

  private List<Integer> capacities() {
    List<Integer> capacities = new ArrayList<>();
    for (Urgency urgency : Urgency.values()) {
      capacities.add(inFlight.capacity(urgency));
    }
    return capacities;
  }

  private void waits(String name, Urgency urgency, Queue<String> entered) {
    int before = inFlight.waiting(urgency);
    Thread.ofVirtual()
        .start(
            () -> {
              if (at(urgency, Duration.ofMinutes(1)) instanceof Place) {
                entered.add(name);
              }
            });
    await().until(() -> inFlight.waiting(urgency) == before + 1);
  }

  private Queue<Place> takeAll(Urgency urgency, int count) {
    Queue<Place> places = new ArrayDeque<>();
    for (int i = 0; i < count; i++) {
      places.add((Place) at(urgency, Duration.ZERO));
    }
    return places;
  }

  private Entry at(Urgency urgency, Duration patience) {
    return inFlight.enter(Deadline.in(patience, urgency));
  }
}
