package io.yima.activations;

import static org.assertj.core.api.Assertions.assertThat;

import io.yima.activations.Account.Stage;
import io.yima.codes.ReadyRangesTest;
import io.yima.testsupport.Robustness;
import io.yima.wechat.ApplicationStatus.CodeRange;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AccountTest {

  private static final long SEED = 20261125L;
  private static final int TRIES = 3_000;

  @Test
  void each_code_stands_once_at_the_furthest_it_has_come() {
    Account account = new Account(100);
    account.reached(Stage.GENERATED, range(0, 49));
    account.reached(Stage.GENERATED, range(50, 79));
    account.reached(Stage.DOWNLOADED, range(0, 49));
    account.reached(Stage.ACTIVATED, range(40, 59));

    assertThat(account.ranges())
        .isEqualTo(
            Map.of(
                Stage.DOWNLOADED, List.of(range(0, 39)),
                Stage.ACTIVATED, List.of(range(40, 59)),
                Stage.GENERATED, List.of(range(60, 79)),
                Stage.FREE, List.of(range(80, 99))));
  }

  @Test
  void codes_that_were_never_ordered_are_left_out() {
    Account account = new Account(10);
    account.reached(Stage.GENERATED, range(5, 1_000));
    account.reached(Stage.ACTIVATED, range(10, 12));

    assertThat(account.ranges())
        .isEqualTo(Map.of(Stage.FREE, List.of(range(0, 4)), Stage.GENERATED, List.of(range(5, 9))));
  }

  @Test
  void whatever_happened_ranges_never_overlap_and_always_add_up() {
    for (int i = 0; i < TRIES; i++) {
      long seed = SEED + i;
      Random random = new Random(seed);
      int codeCount = 1 + random.nextInt(400);
      Account account = new Account(codeCount);
      Stage[] codes = new Stage[codeCount];
      Arrays.fill(codes, Stage.FREE);
      for (Stage stage : List.of(Stage.GENERATED, Stage.DOWNLOADED, Stage.ACTIVATED)) {
        for (CodeRange range : ReadyRangesTest.ranges(random)) {
          account.reached(stage, range);
          for (long at = range.codeStart(); at <= Math.min(range.codeEnd(), codeCount - 1); at++) {
            codes[(int) at] = stage;
          }
        }
      }

      Stage[] told = new Stage[codeCount];
      long sum = 0;
      for (Map.Entry<Stage, List<CodeRange>> entry : account.ranges().entrySet()) {
        CodeRange before = null;
        for (CodeRange range : entry.getValue()) {
          if (before != null) {
            assertThat(range.codeStart()).as("seed %d", seed).isGreaterThan(before.codeEnd() + 1);
          }
          before = range;
          sum += range.codeEnd() - range.codeStart() + 1;
          for (long at = range.codeStart(); at <= range.codeEnd(); at++) {
            assertThat(told[(int) at]).as("seed %d: %d stands once", seed, at).isNull();
            told[(int) at] = entry.getKey();
          }
        }
      }
      assertThat(sum).as("seed %d", seed).isEqualTo(codeCount);
      assertThat(told).as("seed %d", seed).isEqualTo(codes);
    }
    Robustness.row(
        "Activations",
        "accounts of codes generated, downloaded and activated in ranges of any kind, seeded",
        TRIES,
        "no range overlaps another, all add up to code_count, each code at the furthest it has come");
  }

  private static CodeRange range(long start, long end) {
    return new CodeRange(start, end);
  }
}
