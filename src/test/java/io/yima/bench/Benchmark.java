package io.yima.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/**
 * Measures every goal and writes the outcome to {@code target/bench}. Run by {@code ./mvnw -Pbench
 * verify} and by nothing else; {@link BenchSettings} says what may be set. A missed goal is an
 * outcome and no failure: the run fails only where it measured something else than it says.
 */
class Benchmark {

  private static final Path OUTCOME = Path.of("target", "bench");
  private static final Path PAGE = Path.of("docs", "benchmarks.md");

  /** In the order in which they run: the one that fills the database comes first. */
  private static final List<Scenario> SCENARIOS =
      List.of(
          new FewAndMany(),
          new RefreshRates(),
          new ProcessorRates(),
          new ProcessorRatesOverHttp(),
          new CatchUp(),
          new StatusSyncs(),
          new CodeStreams(),
          new TokenReads(),
          new Orders(),
          new IdleNode(),
          new Starts(),
          new Crashes());

  /** Logs of all processes stay where something went wrong. */
  @TempDir(cleanup = CleanupMode.ON_SUCCESS)
  Path directory;

  @Test
  void every_goal_is_measured() throws Exception {
    // Figures are written the same wherever they are measured.
    Locale.setDefault(Locale.ROOT);
    BenchSettings settings = BenchSettings.fromSystemProperties();
    Instant start = Instant.now();
    Machine machine = Machine.look(directory);
    List<Row> rows = new ArrayList<>();
    Map<String, String> versions = new TreeMap<>();
    try (Stage stage = new Stage(settings, directory)) {
      versions.put("PostgreSQL", stage.database().text("show server_version"));
      versions.put("WxJava", Contender.wxJavaVersion());
      if (!settings.includes(new FewAndMany().id())) {
        stage.population().growTo(settings.merchants());
      }
      for (Scenario scenario : SCENARIOS) {
        if (settings.includes(scenario.id())) {
          rows.addAll(measure(scenario, stage));
        }
      }
    }
    Duration took = Duration.between(start, Instant.now());
    Report report = new Report(start, took, commit(), machine, versions, settings, rows);
    report.write(OUTCOME);
    if (settings.publish()) {
      report.publish(PAGE);
    }
    System.out.println(report.markdown());
    assertThat(rows).isNotEmpty().noneMatch(row -> row.verdict() == Row.Verdict.FAILED);
  }

  /** One that fails costs its own rows, and at the end the run, but not what others measure. */
  private static List<Row> measure(Scenario scenario, Stage stage) {
    Instant before = Instant.now();
    try {
      return scenario.run(stage);
    } catch (Exception | AssertionError e) {
      e.printStackTrace();
      return List.of(Row.failed(scenario.id(), e));
    } finally {
      stage.population().putOff();
      Duration taken = Duration.between(before, Instant.now());
      System.out.printf("%s took %d s%n", scenario.id(), taken.toSeconds());
    }
  }

  private static String commit() throws Exception {
    Process git = new ProcessBuilder("git", "describe", "--always", "--dirty").start();
    String name = new String(git.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    return name.isEmpty() ? "an unknown commit" : "commit " + name;
  }
}
