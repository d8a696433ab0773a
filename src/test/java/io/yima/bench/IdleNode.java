package io.yima.bench;

import java.time.Duration;
import java.util.List;

/** What a node with nothing to do asks the database. */
final class IdleNode implements Scenario {

  private static final Duration WATCHED = Duration.ofSeconds(10);

  /**
   * What is under way is due again when it is over, and for half a minute after a request the
   * database is asked several times a second whether it is there.
   */
  private static final Duration SETTLING = Duration.ofSeconds(35);

  @Override
  public String id() {
    return "idle";
  }

  @Override
  public List<Row> run(Stage stage) {
    stage.node();
    stage.population().putOff();
    Stage.pause(SETTLING);
    stage.population().putOff();
    DatabaseFigures before = DatabaseFigures.read(stage.database());
    Stage.pause(WATCHED);
    DatabaseFigures cost = DatabaseFigures.read(stage.database()).since(before);
    double perSecond = cost.statements() / WATCHED.toSeconds();
    return List.of(
        Row.atMost(
            id(),
            "SQL statements per second of an idle node",
            1,
            "",
            perSecond,
            "%.1f".formatted(perSecond),
            "over %d s; begins and commits are not in it: %.1f"
                .formatted(WATCHED.toSeconds(), cost.transactionControl() / WATCHED.toSeconds())));
  }
}
