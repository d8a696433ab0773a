package io.yima.packages;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

class TextScanTest {

  private static final long SEED = 20261125;

  /** What is looked for, what stands next to it, what has its high bit, and what has not. */
  private static final byte[] TELLING = {
    0, 1, '\t', '\n', '\r', ' ', '!', '"', '#', ',', '-', 'A', '~', 0x7f, -128, -127, -1
  };

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static byte[] text(Random random) {
    byte[] text = new byte[random.nextInt(40)];
    // Few that count, so that they are met at every place and after others that nearly are.
    for (int i = 0; i < text.length; i++) {
      text[i] =
          random.nextInt(8) == 0 ? TELLING[random.nextInt(TELLING.length)] : (byte) ('0' + i % 64);
    }
    return text;
  }

  private static int firstOf(byte[] text, int from, int to, IntPredicate wanted) {
    int at = from;
    while (at < to && !wanted.test(text[at])) {
      at++;
    }
    return at;
  }

  @Test
  void eight_at_a_time_find_what_one_at_a_time_finds() {
    Random random = new Random(SEED);
    for (int i = 0; i < 200_000; i++) {
      byte[] text = text(random);
      int from = random.nextInt(text.length + 1);
      int to = from + random.nextInt(text.length - from + 1);

      assertThat(TextScan.columnEnd(text, from, to))
          .as("column's end, seed %d, text %d", SEED, i)
          .isEqualTo(firstOf(text, from, to, one -> one <= ' ' || one == 0x7f));
      assertThat(TextScan.lineEnd(text, from, to))
          .as("line's end, seed %d, text %d", SEED, i)
          .isEqualTo(firstOf(text, from, to, one -> one == '\n'));
    }
  }

  @Test
  void an_address_begins_as_addresses_do_and_goes_on() {
    assertThat(TextScan.isAddress(bytes("P.URL.CN/A"), 0, 10)).isTrue();
    assertThat(TextScan.isAddress(bytes(" P.URL.CN/A "), 1, 11)).isTrue();
    for (String other : new String[] {"P.URL.CN/", "P.URL.CN.A", "p.url.cn/A", "XP.URL.CN/A", ""}) {
      assertThat(TextScan.isAddress(bytes(other), 0, other.length())).as(other).isFalse();
    }
    assertThat(TextScan.isAddress(bytes("P.URL.CN/A"), 0, 9)).isFalse();
  }

  @Test
  void texts_that_differ_in_two_places_or_fewer_or_in_length_have_other_hashes() {
    Set<Long> hashes = new HashSet<>();
    int texts = 0;
    for (int length = 10; length < 40; length++) {
      byte[] text = bytes("P.URL.CN/" + "A".repeat(length - 9));
      hashes.add(TextScan.hash(text, 0, length));
      texts++;
      for (int one = 9; one < length; one++) {
        for (int other = one; other < length; other++) {
          for (char character = 'B'; character <= 'Z'; character++) {
            byte[] changed = text.clone();
            changed[one] = (byte) character;
            changed[other] = (byte) (other == one ? character : 'A' + 'Z' + 1 - character);
            hashes.add(TextScan.hash(changed, 0, length));
            texts++;
          }
        }
      }
    }

    assertThat(hashes.size()).isEqualTo(texts);
  }

  @Test
  void a_hash_is_of_the_text_alone_and_not_of_what_stands_around_it() {
    byte[] one = bytes("7\tP.URL.CN/0U.1234\n");
    byte[] other = bytes("123456 P.URL.CN/0U.1234");

    assertThat(TextScan.hash(one, 2, 18)).isEqualTo(TextScan.hash(other, 7, 23));
  }
}
