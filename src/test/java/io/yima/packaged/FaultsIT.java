package io.yima.packaged;

import static org.assertj.core.api.Assertions.assertThat;

import io.yima.packaged.FaultPlan.Kind;
import io.yima.packaged.FaultPlan.WeChatFault;
import io.yima.testsupport.Robustness;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Everything goes wrong, in rounds drawn from a seed, while clients go on with their work; what
 * WeChat and PostgreSQL recorded is then looked through for what must never be. See {@code
 * docs/faults.md}.
 *
 * <p>{@code -Dfaults.seed=7} draws other rounds, {@code -Dfaults.rounds=3} or {@code
 * -Dfaults.minutes=10} makes more of them, and with {@code -Dfaults.mutation=NO_LEASE} the test has
 * to fail.
 */
class FaultsIT {

  private static final long SEED = Long.getLong("faults.seed", 46);
  private static final int ROUNDS = Integer.getInteger("faults.rounds", 1);
  private static final Duration LASTS = Duration.ofMinutes(Integer.getInteger("faults.minutes", 0));
  private static final SqlMutation MUTATION =
      SqlMutation.valueOf(System.getProperty("faults.mutation", "NONE"));

  /** In so many rounds a missing safeguard has to be found. */
  private static final int ROUNDS_WITHOUT_SAFEGUARD = 12;

  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void nothing_is_lost_and_nothing_is_done_twice_whatever_goes_wrong() throws Exception {
    System.out.printf("faults of seed %d: -Dfaults.seed=%d brings the same ones%n", SEED, SEED);
    SecretSearch secrets;
    try (Chaos chaos = Chaos.begin(directory, MUTATION, SEED)) {
      Instant until = Instant.now().plus(LASTS);
      for (int round = 1; round <= ROUNDS || Instant.now().isBefore(until); round++) {
        chaos.suffer(FaultPlan.of(SEED, round, Chaos.LEASE));
        chaos.awaitFaultsOfWeChat();
        assertClean(chaos, round);
      }
      Instant ended = Instant.now();
      chaos.recover();
      Duration took = Duration.between(ended, Instant.now());
      chaos.assertWorks();
      chaos.stop();
      Examination examination = assertClean(chaos, 0);
      secrets = chaos.secrets();
      tell(chaos, examination, took);
    }
    assertNowhere(secrets);
  }

  /** The same examination finds what is wrong when a safeguard is taken out of the statements. */
  @ParameterizedTest
  @EnumSource(value = SqlMutation.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
  @EnabledIfSystemProperty(named = "faults.mutations", matches = "true")
  void without_a_safeguard_something_is_found(SqlMutation mutation) throws Exception {
    try (Chaos chaos = Chaos.begin(directory, mutation, SEED)) {
      List<String> found = List.of();
      int round = 0;
      while (found.isEmpty() && round < ROUNDS_WITHOUT_SAFEGUARD) {
        round++;
        chaos.suffer(FaultPlan.of(SEED, round, Chaos.LEASE));
        found = chaos.examine().violations();
      }
      assertThat(found).as("%s, seed %d, %d rounds", mutation, SEED, round).isNotEmpty();
      assertThat(mutation.wasUsed()).isTrue();
      System.out.printf(
          "%s: found in round %d of seed %d: %s%n", mutation, round, SEED, found.getFirst());
    }
  }

  private static Examination assertClean(Chaos chaos, int round) throws Exception {
    Examination examination = chaos.examine();
    assertThat(examination.violations())
        .as("faults.seed=%d, %s", SEED, round == 0 ? "after all" : "round " + round)
        .isEmpty();
    assertThat(chaos.clients().surprises()).as("answers that no fault excuses").isEmpty();
    return examination;
  }

  private static void tell(Chaos chaos, Examination examination, Duration recovery) {
    chaos.done().forEach((kind, times) -> System.out.printf("%6d × %s%n", times, kind.words()));
    chaos.struck().forEach((fault, times) -> System.out.printf("%6d × %s%n", times, fault));
    examination.figures().forEach((what, times) -> System.out.printf("%6d %s%n", times, what));
    chaos.clients().answers().forEach((what, times) -> System.out.printf("%6d %s%n", times, what));
    System.out.printf("all done again %.1f s after the last fault%n", recovery.toMillis() / 1e3);
    if (ROUNDS == 1 && LASTS.isZero()) {
      tellRows(chaos);
    }
  }

  private static void tellRows(Chaos chaos) {
    for (Kind kind : Kind.values()) {
      Robustness.row(
          "Faults",
          kind.words(),
          chaos.done().get(kind),
          "no order lost or doubled, no two refreshes of a merchant at once, newest tokens kept");
    }
    Robustness.row(
        "Faults",
        "calls that WeChat failed meanwhile, in %d ways".formatted(WeChatFault.values().length),
        chaos.struck().values().stream().mapToInt(Integer::intValue).sum(),
        "all made up for once it no longer fails");
  }

  private void assertNowhere(SecretSearch secrets) throws IOException {
    Set<String> found = new TreeSet<>();
    List<Path> written = new ArrayList<>(SecretSearch.databaseFiles(directory));
    written.addAll(SecretSearch.nodeLogs(directory));
    for (Path file : written) {
      secrets.in(Files.readAllBytes(file)).forEach(what -> found.add(what + " in " + file));
    }
    assertThat(found).as("%s", secrets).isEmpty();
  }
}
