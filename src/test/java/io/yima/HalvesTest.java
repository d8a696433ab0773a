package io.yima;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.platform.suite.api.ExcludePackages;
import org.junit.platform.suite.api.SelectPackages;

class HalvesTest {

  @Test
  void every_test_is_in_one_half() {
    assertThat(SecondHalf.class.getAnnotation(SelectPackages.class).value())
        .containsExactly("io.yima");
    assertThat(SecondHalf.class.getAnnotation(ExcludePackages.class).value())
        .containsExactly(FirstHalf.class.getAnnotation(SelectPackages.class).value());
  }
}
