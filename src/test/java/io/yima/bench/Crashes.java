package io.yima.bench;

import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * How soon work goes on after a node was killed and after the database was, under load. That
 * nothing is lost or doubled then is what the fault tests prove, with many more crashes; here it is
 * counted for the one.
 */
final class Crashes implements Scenario {

  private static final Duration LEASE = Duration.ofSeconds(8);
  private static final double DATABASE_GOAL = 10;

  /** Short enough to wait for. */
  private static final Map<String, String> SETTINGS =
      Map.of("YIMA_WECHAT_TIMEOUT", "PT2S", "YIMA_TOKENS_LEASE", LEASE.toString());

  @Override
  public String id() {
    return "crash";
  }

  @Override
  public List<Row> run(Stage stage) {
    stage.closeNode();
    stage.stub().latency(stage.settings().latency());
    int merchants = Math.min(4_000, stage.population().merchants());
    try (BenchYima.Node survivor = stage.yima().start(SETTINGS);
        BenchYima.Node victim = stage.yima().start(SETTINGS)) {
      begin(stage, merchants);
      long killed = System.currentTimeMillis();
      victim.process().kill();
      Row node = afterKill(stage, merchants, killed);
      begin(stage, merchants);
      long stopped = System.currentTimeMillis();
      stage.database().restartImmediately();
      Row database = afterStop(stage, merchants, stopped);
      if (!survivor.process().isAlive()) {
        throw new AssertionError("The node ended:\n" + survivor.process().output());
      }
      return List.of(node, database);
    }
  }

  /** Returns when a good part is done and much is under way. */
  private static void begin(Stage stage, int merchants) {
    stage.stub().reset();
    stage.population().tokensDue(merchants, Duration.ofSeconds(1));
    Stage.until(() -> stage.stub().figures().merchants() >= merchants / 4);
  }

  private static Row afterKill(Stage stage, int merchants, long killed) {
    Stage.until(() -> stage.population().tokensLeft() == 0);
    StubFigures figures = stage.stub().figures();
    double seconds = (figures.lastAt() - killed) / 1e3;
    return Row.atMost(
        id("node"),
        "After kill -9 of a node: until the last of its work is done by another",
        LEASE.toSeconds() + 2,
        " s",
        seconds,
        "%.1f s".formatted(seconds),
        "lease %d s; %s".formatted(LEASE.toSeconds(), outcome(figures, merchants)));
  }

  private static Row afterStop(Stage stage, int merchants, long stopped) {
    stage.stub().reset();
    Stage.until(() -> stage.stub().figures().calls() > 0);
    double seconds = (stage.stub().figures().firstAt() - stopped) / 1e3;
    Stage.until(() -> stage.population().tokensLeft() == 0);
    return Row.atMost(
        id("database"),
        "After an immediate stop and start of PostgreSQL: until WeChat is called again",
        DATABASE_GOAL,
        " s",
        seconds,
        "%.1f s".formatted(seconds),
        "all %d tokens refreshed and stored, %d overlapping"
            .formatted(merchants, stage.stub().figures().overlaps()));
  }

  private static String outcome(StubFigures figures, int merchants) {
    return "lost %d, overlapping %d, asked again %d"
        .formatted(merchants - figures.merchants(), figures.overlaps(), figures.repeated());
  }

  private static String id(String what) {
    return "crash-" + what;
  }
}
