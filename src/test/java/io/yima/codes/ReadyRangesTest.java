package io.yima.codes;

import static org.assertj.core.api.Assertions.assertThat;

import io.yima.testsupport.Robustness;
import io.yima.wechat.ApplicationStatus.CodeRange;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

public class ReadyRangesTest {

  private static final long SEED = 20261125L;
  private static final int TRIES = 3_000;

  @Test
  void what_is_asked_for_is_cut_where_wechats_ranges_meet() {
    ReadyRanges ready = ready(range(0, 49_999), range(50_000, 99_999));

    assertThat(ready.split(range(40_000, 60_000)))
        .contains(List.of(range(40_000, 49_999), range(50_000, 60_000)));
    assertThat(ready.split(range(0, 0))).contains(List.of(range(0, 0)));
    assertThat(ready.split(range(99_999, 100_000))).isEmpty();
    assertThat(ready.around(50_000)).contains(range(50_000, 99_999));
    assertThat(ready.around(100_000)).isEmpty();
  }

  @Test
  void a_gap_is_not_crossed() {
    ReadyRanges ready = ready(range(0, 9), range(20, 29));

    assertThat(ready.split(range(5, 25))).isEmpty();
    assertThat(ready.split(range(10, 19))).isEmpty();
    assertThat(ready.split(range(9, 9))).isPresent();
  }

  /** WeChat may cut a batch as it likes: in any order, with gaps, even overlapping. */
  @Test
  void whatever_ranges_wechat_names_parts_lie_in_one_each_and_add_up() {
    for (int i = 0; i < TRIES; i++) {
      long seed = SEED + i;
      Random random = new Random(seed);
      List<CodeRange> ranges = ranges(random);
      CodeRange wanted = within(random, 400);

      Optional<List<CodeRange>> parts = new ReadyRanges(ranges).split(wanted);

      boolean covered = true;
      for (long index = wanted.codeStart(); index <= wanted.codeEnd(); index++) {
        covered &= anyHas(ranges, index);
      }
      assertThat(parts.isPresent()).as("seed %d", seed).isEqualTo(covered);
      long next = wanted.codeStart();
      for (CodeRange part : parts.orElse(List.of())) {
        assertThat(part.codeStart()).as("seed %d", seed).isEqualTo(next);
        assertThat(ranges)
            .as("seed %d: %s in one of", seed, part)
            .anyMatch(
                range ->
                    range.codeStart() <= part.codeStart() && part.codeEnd() <= range.codeEnd());
        next = part.codeEnd() + 1;
      }
      assertThat(next).isEqualTo(covered ? wanted.codeEnd() + 1 : wanted.codeStart());
    }
    Robustness.row(
        "Activations",
        "ranges to activate, cut along ranges of WeChat's that are unordered, gapped or overlapping, seeded",
        TRIES,
        "each part in one range, none overlapping, all adding up; refused where a code is in none");
  }

  public static List<CodeRange> ranges(Random random) {
    List<CodeRange> ranges = new ArrayList<>();
    long next = random.nextInt(5);
    int count = random.nextInt(12);
    for (int i = 0; i < count; i++) {
      long end = next + random.nextInt(60);
      ranges.add(new CodeRange(next, end));
      next = Math.max(0, end + 1 + (random.nextInt(4) == 0 ? random.nextInt(21) - 10 : 0));
    }
    Collections.shuffle(ranges, random);
    return ranges;
  }

  static CodeRange within(Random random, int bound) {
    int start = random.nextInt(bound);
    return new CodeRange(start, start + random.nextInt(bound - start));
  }

  private static boolean anyHas(List<CodeRange> ranges, long index) {
    return ranges.stream().anyMatch(r -> r.codeStart() <= index && index <= r.codeEnd());
  }

  private static ReadyRanges ready(CodeRange... ranges) {
    return new ReadyRanges(List.of(ranges));
  }

  private static CodeRange range(long start, long end) {
    return new CodeRange(start, end);
  }
}
