package io.yima.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How long it takes from the start of the process to the first call that it makes. */
final class Starts implements Scenario {

  private static final double PLAIN = 2.5;
  private static final double CACHED = 1.0;
  private static final int DUE = 500;

  @Override
  public String id() {
    return "start";
  }

  @Override
  public List<Row> run(Stage stage) {
    stage.closeNode();
    stage.stub().latency(stage.settings().shortLatency());
    List<Row> rows = new ArrayList<>();
    Samples plain = starts(stage, List.of());
    rows.add(row(id(), "Start to first refresh", PLAIN, plain));
    Path cache = BenchYima.JAR.resolveSibling("app.aot");
    String what = "Start to first refresh with an AOT cache";
    rows.add(
        Files.exists(cache)
            ? row("start-aot", what, CACHED, starts(stage, List.of("-XX:AOTCache=" + cache)))
            : Row.notBuilt("start-aot", what, "≤ 1 s", "the build makes no AOT cache"));
    return rows;
  }

  private static Row row(String id, String what, double goal, Samples seconds) {
    return Row.atMost(
        id,
        what,
        goal,
        " s",
        seconds.median(),
        seconds.spread("%.1f") + " s",
        "the JVM's included");
  }

  private static Samples starts(Stage stage, List<String> options) {
    List<Double> seconds = new ArrayList<>();
    for (int i = 0; i < Math.min(3, stage.settings().pairs()); i++) {
      stage.population().tokensDue(DUE, Duration.ZERO);
      stage.stub().reset();
      long launched = System.currentTimeMillis();
      try (BenchYima.Node _ = stage.yima().with(options).launch(Map.of())) {
        Stage.until(() -> stage.stub().figures().merchants() >= DUE);
        seconds.add((stage.stub().figures().firstAt() - launched) / 1e3);
        Stage.until(() -> stage.population().tokensLeft() == 0);
      }
    }
    return Samples.of(seconds.stream().mapToDouble(Double::doubleValue));
  }
}
