package io.yima.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplesTest {

  @Test
  void the_median_of_an_even_number_lies_between_the_two_in_the_middle() {
    assertThat(Samples.of(DoubleStream.of(4, 1, 3, 2)).median()).isEqualTo(2.5);
    assertThat(Samples.of(DoubleStream.of(3, 1, 2)).median()).isEqualTo(2);
  }

  @Test
  void a_percentile_is_exceeded_by_no_more_than_the_rest() {
    Samples hundred = Samples.of(IntStream.rangeClosed(1, 100).asDoubleStream());

    assertThat(hundred.percentile(0.99)).isEqualTo(99);
    assertThat(hundred.percentile(0.999)).isEqualTo(100);
    assertThat(Samples.of(DoubleStream.of(7)).percentile(0.99)).isEqualTo(7);
  }

  @Test
  void one_sample_has_no_range() {
    assertThat(Samples.of(DoubleStream.of(0.9)).spread("%.2f")).isEqualTo("0.90");
    assertThat(Samples.of(DoubleStream.of(0.9, 0.7, 0.8)).spread("%.1f"))
        .isEqualTo("0.8 (0.7 to 0.9)");
  }
}
