package io.yima.limits;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class OpenRequestsTest {

  @Test
  void a_place_is_free_again_once_it_is_given_back() {
    OpenRequests open = new OpenRequests(2);
    OpenRequests.Place first = open.take("a");
    OpenRequests.Place second = open.take("a");

    assertThat(open.take("a")).isNull();
    assertThat(open.take("b")).isNotNull();

    first.giveBack();
    first.giveBack();

    assertThat(open.take("a")).isNotNull();
    assertThat(open.take("a")).as("given back twice is given back once").isNull();
    assertThat(second).isNotNull();
  }

  @Test
  void nobody_who_has_gone_takes_memory() {
    OpenRequests open = new OpenRequests(0);

    for (int i = 0; i < 1_000; i++) {
      open.take("caller " + i).giveBack();
    }

    assertThat(open.callers()).isZero();
  }

  @Test
  void many_threads_never_hold_more_places_than_there_are() {
    OpenRequests open = new OpenRequests(3);
    AtomicInteger holding = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();

    try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
      for (int i = 0; i < 20_000; i++) {
        threads.execute(
            () -> {
              OpenRequests.Place place = open.take("a");
              if (place != null) {
                most.accumulateAndGet(holding.incrementAndGet(), Math::max);
                holding.decrementAndGet();
                place.giveBack();
              }
            });
      }
    }

    assertThat(most.get()).isBetween(1, 3);
    assertThat(open.callers()).isZero();
  }
}
