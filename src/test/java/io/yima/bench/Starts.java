package io.yima.bench;

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

  /** The same application in the packaging that the cache is for; made by the profile. */
  private static final Path AOT_JAR = Path.of("target", "aot", "quarkus-run.jar");

  @Override
  public String id() {
    return "start";
  }

  @Override
  public List<Row> run(Stage stage) {
    stage.closeNode();
    stage.stub().latency(stage.settings().shortLatency());
    List<Row> rows = new ArrayList<>();
    BenchYima plain = stage.yima();
    BenchYima trained = plain.trained(AOT_JAR);
    // In turns, so that the machine's moods are the same for both.
    List<Double> without = new ArrayList<>();
    List<Double> with = new ArrayList<>();
    for (int i = 0; i < Math.min(3, stage.settings().pairs()); i++) {
      without.add(seconds(stage, plain));
      with.add(seconds(stage, trained));
    }
    rows.add(row(id(), "Start to first refresh", PLAIN, without));
    rows.add(row("start-aot", "Start to first refresh with an AOT cache", CACHED, with));
    return rows;
  }

  private static Row row(String id, String what, double goal, List<Double> each) {
    Samples seconds = Samples.of(each.stream().mapToDouble(Double::doubleValue));
    return Row.atMost(
        id,
        what,
        goal,
        " s",
        seconds.median(),
        seconds.spread("%.1f") + " s",
        "the JVM's included");
  }

  private static double seconds(Stage stage, BenchYima yima) {
    stage.population().tokensDue(DUE, Duration.ZERO);
    stage.stub().reset();
    long launched = System.currentTimeMillis();
    try (BenchYima.Node _ = yima.launch(Map.of())) {
      Stage.until(() -> stage.stub().figures().merchants() >= DUE);
      double seconds = (stage.stub().figures().firstAt() - launched) / 1e3;
      Stage.until(() -> stage.population().tokensLeft() == 0);
      return seconds;
    }
  }
}
