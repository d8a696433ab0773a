package io.yima.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class BoundTest {

  private final Bound bound = new Bound(256);

  @Test
  void it_begins_at_the_most_and_leaves_a_fifth_to_callers_who_wait() {
    assertThat(bound.limit()).isEqualTo(256);
    assertThat(bound.background()).isEqualTo(204);
  }

  @Test
  void calls_that_fail_together_shrink_it_once() {
    long round = bound.begin();
    for (int call = 0; call < 200; call++) {
      bound.end(round, Sign.STRAINED);
    }

    assertThat(bound.limit()).isEqualTo(179);
  }

  @Test
  void calls_that_began_since_shrink_it_again() {
    bound.end(bound.begin(), Sign.STRAINED);
    bound.end(bound.begin(), Sign.STRAINED);

    assertThat(bound.limit()).isEqualTo(125);
  }

  @Test
  void it_never_shrinks_below_four_unless_fewer_are_allowed() {
    Bound narrow = new Bound(2);
    for (int round = 0; round < 50; round++) {
      bound.end(bound.begin(), Sign.STRAINED);
      narrow.end(narrow.begin(), Sign.STRAINED);
    }

    assertThat(bound.limit()).isEqualTo(4);
    assertThat(bound.background()).isEqualTo(3);
    assertThat(narrow.limit()).isEqualTo(2);
    assertThat(narrow.background()).isEqualTo(1);
  }

  @Test
  void it_grows_by_one_per_hundred_calls_that_were_served_up_to_the_most() {
    bound.end(bound.begin(), Sign.STRAINED);

    serve(99);
    assertThat(bound.limit()).isEqualTo(179);
    serve(1);
    assertThat(bound.limit()).isEqualTo(180);
    serve(100 * 100);
    assertThat(bound.limit()).isEqualTo(256);
  }

  @Test
  void what_tells_nothing_changes_nothing() {
    for (int call = 0; call < 1_000; call++) {
      bound.end(bound.begin(), Sign.NEUTRAL);
    }

    assertThat(bound.limit()).isEqualTo(256);
  }

  private void serve(int calls) {
    for (int call = 0; call < calls; call++) {
      bound.end(bound.begin(), Sign.SERVED);
    }
  }
}
