package io.yima.bench;

import java.util.List;

/**
 * How long an outage is felt: everything that fell due in its hour is due at once, and one merchant
 * in ten was asked for in the last hour.
 */
final class CatchUp implements Scenario {

  /** The goal is for this backlog; another is held to the same pace. */
  private static final double BACKLOG = 62_500;

  private static final double SECONDS = 32;

  private static final String USED =
      """
      update authorizer_token
      set last_used_at = case when authorizer_appid < '%1$s' then now() - interval '10 minutes' end,
        in_use = authorizer_appid < '%1$s'
      where authorizer_appid < '%2$s'
      """;

  @Override
  public String id() {
    return "catch-up";
  }

  @Override
  public List<Row> run(Stage stage) {
    BenchSettings settings = stage.settings();
    int backlog = settings.backlog();
    int used = backlog / 10;
    stage.node();
    stage.stub().latency(settings.latency());
    stage.database().execute(USED.formatted(Appids.of(used), Appids.of(backlog)));
    Round round = stage.tokens(backlog);
    double first = (double) stage.stub().amongTheFirst(used) / used;
    double seconds = round.stub().nanos() / 1e9;
    double goal = SECONDS * backlog / BACKLOG;
    return List.of(
        Row.atMost(
            id(),
            "Catch-up after an outage of an hour, %,d tokens due, WeChat takes %d ms"
                .formatted(backlog, settings.latency().toMillis()),
            Math.round(goal * 10) / 10.0,
            " s",
            seconds,
            "%.1f s".formatted(seconds),
            "%.0f/s, %d overlapping; %s"
                .formatted(round.stub().rate(), round.stub().overlaps(), round.details())),
        Row.atLeast(
            "catch-up-order",
            "Share of recently used tokens (a tenth of all) among the first tenth refreshed",
            0.9,
            "",
            first,
            "%.2f".formatted(first),
            "0.1 is chance"));
  }
}
