package io.yima.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.yima.wechat.Circuit.State;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;

class CircuitTest {

  private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
  private final Circuit circuit = new Circuit(nanos::get);

  @Test
  void it_opens_when_most_of_the_last_hundred_calls_failed() {
    calls(50, Sign.STRAINED);
    assertThat(circuit.state()).isEqualTo(State.CLOSED);

    calls(1, Sign.STRAINED);

    assertThat(circuit.state()).isEqualTo(State.OPEN);
  }

  @Test
  void failures_that_are_followed_by_enough_answers_are_forgotten() {
    for (int round = 0; round < 10; round++) {
      calls(50, Sign.STRAINED);
      calls(100, Sign.SERVED);
    }

    assertThat(circuit.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void what_tells_nothing_does_not_open_it() {
    calls(1_000, Sign.NEUTRAL);

    assertThat(circuit.state()).isEqualTo(State.CLOSED);
  }

  @Test
  void after_a_pause_it_lets_a_few_through_and_closes_when_they_were_served() {
    calls(51, Sign.STRAINED);
    nanos.addAndGet(Circuit.PAUSE.toNanos() - 1);
    assertThat(circuit.state()).isEqualTo(State.OPEN);
    nanos.addAndGet(1);
    assertThat(circuit.state()).isEqualTo(State.HALF_OPEN);
    assertThat(circuit.probesLeft()).isEqualTo(3);

    long first = circuit.begin();
    assertThat(circuit.probesLeft()).isEqualTo(2);
    circuit.end(first, Sign.SERVED);
    calls(1, Sign.SERVED);
    assertThat(circuit.state()).isEqualTo(State.HALF_OPEN);
    calls(1, Sign.SERVED);

    assertThat(circuit.state()).isEqualTo(State.CLOSED);
    calls(50, Sign.STRAINED);
    assertThat(circuit.state()).as("what was before is forgotten").isEqualTo(State.CLOSED);
  }

  @Test
  void one_probe_that_fails_opens_it_for_another_pause() {
    halfOpen();
    calls(2, Sign.SERVED);

    calls(1, Sign.STRAINED);

    assertThat(circuit.state()).isEqualTo(State.OPEN);
    nanos.addAndGet(Circuit.PAUSE.toNanos());
    assertThat(circuit.state()).isEqualTo(State.HALF_OPEN);
    assertThat(circuit.probesLeft()).isEqualTo(3);
  }

  @Test
  void a_probe_that_was_never_sent_makes_room_for_another() {
    halfOpen();

    calls(10, Sign.NEUTRAL);

    assertThat(circuit.state()).isEqualTo(State.HALF_OPEN);
    assertThat(circuit.probesLeft()).isEqualTo(3);
  }

  @Test
  void calls_that_began_before_it_opened_say_nothing_about_the_time_after() {
    List<Long> before = new ArrayList<>();
    for (int call = 0; call < 200; call++) {
      before.add(circuit.begin());
    }
    halfOpen();
    before.subList(0, 100).forEach(begun -> circuit.end(begun, Sign.STRAINED));
    assertThat(circuit.state()).isEqualTo(State.HALF_OPEN);
    assertThat(circuit.probesLeft()).isEqualTo(3);
    calls(3, Sign.SERVED);

    before.subList(100, 200).forEach(begun -> circuit.end(begun, Sign.STRAINED));

    assertThat(circuit.state()).isEqualTo(State.CLOSED);
  }

  /** Whatever happens in whatever order, it comes back once WeChat does. */
  @Test
  void it_always_comes_back() {
    for (long seed = 1; seed <= 500; seed++) {
      RandomGenerator random = RandomGeneratorFactory.getDefault().create(seed);
      Circuit tried = new Circuit(nanos::get);
      List<Long> underWay = new ArrayList<>();
      for (int step = 0; step < 400; step++) {
        nanos.addAndGet(random.nextLong(Circuit.PAUSE.toNanos()));
        if (mayBegin(tried) && random.nextBoolean()) {
          underWay.add(tried.begin());
        } else if (!underWay.isEmpty()) {
          long begun = underWay.remove(random.nextInt(underWay.size()));
          tried.end(begun, Sign.values()[random.nextInt(3)]);
        }
        assertThat(tried.probesLeft()).as("seed %d", seed).isBetween(0, Circuit.PROBES);
      }
      underWay.forEach(begun -> tried.end(begun, Sign.NEUTRAL));
      nanos.addAndGet(Circuit.PAUSE.toNanos());
      for (int call = 0; call < Circuit.PROBES && tried.state() != State.CLOSED; call++) {
        tried.end(tried.begin(), Sign.SERVED);
      }
      assertThat(tried.state()).as("seed %d", seed).isEqualTo(State.CLOSED);
    }
  }

  private static boolean mayBegin(Circuit circuit) {
    return switch (circuit.state()) {
      case OPEN -> false;
      case HALF_OPEN -> circuit.probesLeft() > 0;
      case CLOSED -> true;
    };
  }

  private void halfOpen() {
    calls(51, Sign.STRAINED);
    nanos.addAndGet(Circuit.PAUSE.toNanos());
    assertThat(circuit.state()).isEqualTo(State.HALF_OPEN);
  }

  private void calls(int times, Sign sign) {
    for (int call = 0; call < times; call++) {
      circuit.end(circuit.begin(), sign);
    }
  }
}
