package io.yima.bench;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;

/**
 * Whether the same work costs the same among many merchants as among few: the time of a claim, and
 * the memory of a node; and what a claim costs while somebody keeps an old snapshot open, which
 * keeps PostgreSQL from clearing the head of the index.
 *
 * <p>This is the scenario that makes the database large: what comes after it is measured on a large
 * one.
 */
final class FewAndMany implements Scenario {

  private static final double MEMORY_GOAL = 300;

  /** What one size came to. */
  private record Size(Samples claims, OptionalDouble memory) {}

  @Override
  public String id() {
    return "few-and-many";
  }

  @Override
  public List<Row> run(Stage stage) throws SQLException {
    BenchSettings settings = stage.settings();
    stage.population().growTo(settings.few());
    Size few = measure(stage);
    stage.population().growTo(settings.merchants());
    Size many = measure(stage);
    Samples behindSnapshot = claimsBehindOldSnapshot(stage);
    String sizes = "%,d merchants against %,d".formatted(settings.merchants(), settings.few());
    double growth = many.claims().median() / few.claims().median();
    double delay = behindSnapshot.max() / many.claims().median();
    return List.of(
        Row.atMost(
            "claims",
            "Time of a claim at " + sizes,
            1.2,
            " times",
            growth,
            "%.2f times".formatted(growth),
            "%s ms, then %s ms"
                .formatted(few.claims().spread("%.2f"), many.claims().spread("%.2f"))),
        Row.forComparison(
            "claims-old-snapshot",
            "Time of a claim while a snapshot from before stays open",
            delay,
            "%.2f times".formatted(delay),
            behindSnapshot.spread("%.2f") + " ms; the slowest round against the line above"),
        alarm(stage),
        memory(few, many, sizes));
  }

  private static Size measure(Stage stage) {
    stage.useNode(true);
    stage.stub().latency(stage.settings().latency());
    Samples claims = claims(stage);
    return new Size(claims, ResidentMemory.of(stage.node().process().handle()));
  }

  private static Samples claims(Stage stage) {
    List<Double> millis = new ArrayList<>();
    for (int i = 0; i < stage.settings().pairs(); i++) {
      millis.add(stage.tokens(stage.settings().few()).database().millisPerClaim());
    }
    return Samples.of(millis.stream().mapToDouble(Double::doubleValue));
  }

  private static Samples claimsBehindOldSnapshot(Stage stage) throws SQLException {
    try (Connection old = stage.database().open();
        Statement statement = old.createStatement()) {
      hold(old, statement);
      return claims(stage);
    }
  }

  private static void hold(Connection old, Statement statement) throws SQLException {
    old.setAutoCommit(false);
    old.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    statement.execute("select count(*) from provider");
  }

  /** Nodes look once a minute. */
  private static Row alarm(Stage stage) throws SQLException {
    NodeApi node = new NodeApi(stage.node());
    long start = System.nanoTime();
    try (Connection old = stage.database().open();
        Statement statement = old.createStatement()) {
      hold(old, statement);
      Stage.until(() -> node.metrics().contains("yima_database_oldest_xmin_alarm 1.0"));
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Row(
        "old-snapshot-alarm",
        "Alarm for an old snapshot",
        "raised",
        "raised",
        null,
        Row.Verdict.MET,
        "after %.0f s, ten of them by setting; nodes look once a minute".formatted(seconds));
  }

  private static Row memory(Size few, Size many, String sizes) {
    String id = "memory";
    String what = "Memory of a node at " + sizes;
    if (few.memory().isEmpty() || many.memory().isEmpty()) {
      return new Row(
          id, what, "≤ 300 MB", "–", null, Row.Verdict.FOR_COMPARISON, "no /proc on this system");
    }
    double before = few.memory().getAsDouble();
    double after = many.memory().getAsDouble();
    return Row.atMost(
        id,
        what,
        MEMORY_GOAL,
        " MB",
        after,
        "%.0f MB".formatted(after),
        "%.0f MB at the smaller size, after the same work".formatted(before));
  }
}
