package io.yima.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.Test;

class IdsTest {

  @Test
  void an_id_comes_behind_the_former_one_as_it_is_written() {
    UUID former = Ids.next();

    assertThat(Ids.nextAfter(former).toString()).isGreaterThan(former.toString());
  }

  @Test
  void an_id_comes_behind_one_of_a_node_whose_clock_is_ahead() {
    for (String ahead :
        new String[] {
          "0fffffff-ffff-7fff-8fff-ffffffffffff",
          "7fffffff-ffff-7fff-bfff-fffffffffff0",
          "ffffffff-ffff-7fff-8000-000000000000"
        }) {
      UUID former = UUID.fromString(ahead);

      UUID next = Ids.nextAfter(former);

      assertThat(next.toString()).isGreaterThan(ahead);
      assertThat(next.version()).isEqualTo(7);
      assertThat(next.variant()).isEqualTo(former.variant());
    }
  }
}
