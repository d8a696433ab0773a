package io.yima.bench;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class StubTallyTest {

  private final StubTally tally = new StubTally();

  @Test
  void a_second_call_for_a_merchant_overlaps_only_while_the_first_is_under_way() throws Exception {
    tally.arrived(1);
    tally.arrived(1);
    tally.answered(1);
    tally.answered(1);
    tally.arrived(1);
    tally.answered(1);

    StubFigures figures = figures();
    assertThat(figures.overlaps()).isEqualTo(1);
    assertThat(figures.repeated()).isEqualTo(2);
    assertThat(figures.merchants()).isEqualTo(1);
    assertThat(figures.mostInFlight()).isEqualTo(2);
  }

  @Test
  void calls_that_name_no_merchant_count_as_calls() throws Exception {
    tally.arrived(-1);
    tally.answered(-1);

    assertThat(figures().calls()).isEqualTo(1);
    assertThat(figures().merchants()).isZero();
  }

  @Test
  void who_came_first_is_told_by_number() {
    for (int merchant : new int[] {1, 9, 0, 2}) {
      tally.arrived(merchant);
      tally.answered(merchant);
    }

    assertThat(tally.amongTheFirst(3)).isEqualTo(2);
  }

  @Test
  void a_reset_forgets_all_but_what_is_under_way() throws Exception {
    tally.arrived(1);
    tally.reset();
    tally.answered(1);

    StubFigures figures = figures();
    assertThat(figures.calls()).isEqualTo(1);
    assertThat(figures.mostInFlight()).isEqualTo(1);
    assertThat(figures.firstAt()).isZero();
  }

  private StubFigures figures() throws IOException {
    return new ObjectMapper().readValue(tally.json(), StubFigures.class);
  }
}
