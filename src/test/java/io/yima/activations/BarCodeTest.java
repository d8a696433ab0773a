package io.yima.activations;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BarCodeTest {

  private static final long SEED = 20261126L;

  @ParameterizedTest
  @ValueSource(strings = {"4006381333931", "6901234567892", "73513537", "96385074", "00000000"})
  void printed_bar_codes_check(String code) {
    assertThat(BarCode.hasLength(code)).isTrue();
    assertThat(BarCode.checks(code)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "1234567", "012345678905", "69012345678920", "690123456789a", "٤٠٠٦٣٨١٣"})
  void other_lengths_and_other_digits_are_none(String code) {
    assertThat(BarCode.hasLength(code)).isFalse();
  }

  /** What the check digit is for. */
  @Test
  void any_one_digit_that_is_mistyped_is_found() {
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(SEED);
    for (int i = 0; i < 2_000; i++) {
      StringBuilder code = new StringBuilder(right(random, random.nextBoolean() ? 8 : 13));
      assertThat(BarCode.checks(code.toString())).as("seed %d: %s", SEED, code).isTrue();
      int at = random.nextInt(code.length());
      char other = (char) ('0' + (code.charAt(at) - '0' + random.nextInt(1, 10)) % 10);
      code.setCharAt(at, other);
      assertThat(BarCode.checks(code.toString())).as("seed %d: %s", SEED, code).isFalse();
    }
  }

  private static String right(RandomGenerator random, int length) {
    StringBuilder digits = new StringBuilder();
    for (int i = 1; i < length; i++) {
      digits.append(random.nextInt(10));
    }
    for (char last = '0'; last <= '9'; last++) {
      if (BarCode.checks(digits.toString() + last)) {
        return digits.toString() + last;
      }
    }
    throw new AssertionError("no digit fits " + digits);
  }
}
