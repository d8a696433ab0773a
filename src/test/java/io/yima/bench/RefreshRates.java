package io.yima.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How many tokens a second where waiting for WeChat is the limit, and what that costs in the
 * database. Ours and the bare loop take turns, so that both meet the same moods of the machine.
 */
final class RefreshRates implements Scenario {

  private static final String WHAT = "Refreshes per second, WeChat takes %d ms, %d in flight";

  @Override
  public String id() {
    return "refresh-waiting";
  }

  @Override
  public List<Row> run(Stage stage) {
    BenchSettings settings = stage.settings();
    int merchants = settings.refreshes();
    Contender bare = stage.contender(Contender.Kind.BARE);
    stage.node();
    stage.stub().latency(settings.latency());
    DatabaseFigures before = stage.settledFigures();
    List<Double> bareRates = new ArrayList<>();
    List<Round> rounds = new ArrayList<>();
    for (int i = 0; i < settings.pairs(); i++) {
      bareRates.add(stage.race(bare, merchants).rate());
      rounds.add(stage.tokens(merchants));
    }
    List<Row> rows = new ArrayList<>();
    rows.add(ratio(settings, bareRates, rounds));
    rows.addAll(costs(rounds));
    rows.add(hotClaims(stage.settledFigures().since(before)));
    rows.add(claimsOverTime(rounds));
    return rows;
  }

  private Row ratio(BenchSettings settings, List<Double> bare, List<Round> rounds) {
    Samples ratios =
        Samples.of(Pairs.ratios(rounds.stream().map(round -> round.stub().rate()).toList(), bare));
    Round last = rounds.getLast();
    return Row.atLeast(
        id(),
        WHAT.formatted(settings.latency().toMillis(), settings.inFlight()),
        0.90,
        " of the bare loop",
        ratios.median(),
        ratios.spread("%.2f"),
        "ours %s/s, bare loop %s/s; %s"
            .formatted(
                Pairs.spread(rounds.stream().map(round -> round.stub().rate()).toList()),
                Pairs.spread(bare),
                last.details()));
  }

  private static List<Row> costs(List<Round> rounds) {
    Samples statements =
        Samples.of(rounds.stream().mapToDouble(r -> r.database().statements() / r.stub().calls()));
    Samples control =
        Samples.of(
            rounds.stream().mapToDouble(r -> r.database().transactionControl() / r.stub().calls()));
    Samples wal =
        Samples.of(rounds.stream().mapToDouble(r -> r.database().walBytes() / r.stub().calls()));
    return List.of(
        Row.atMost(
            "statements",
            "SQL statements per refresh under load",
            0.03,
            "",
            statements.median(),
            statements.spread("%.3f"),
            "begins and commits are not in it: %s".formatted(control.spread("%.3f"))),
        Row.atMost(
            "wal",
            "WAL per refresh",
            2000,
            " bytes",
            wal.median(),
            wal.spread("%.0f"),
            "right after a checkpoint, so with the full pages that this brings"));
  }

  private static Row hotClaims(DatabaseFigures cost) {
    double share = cost.hotShareOfClaims();
    return Row.atLeast(
        "hot-claims",
        "Share of claims that are HOT updates",
        0.9,
        "",
        share,
        "%.2f".formatted(share),
        "a claim touches no index; the write-back moves the due time, which is one");
  }

  private static Row claimsOverTime(List<Round> rounds) {
    double first = rounds.getFirst().database().millisPerClaim();
    double last = rounds.getLast().database().millisPerClaim();
    double rows = rounds.getLast().database().claimed() / rounds.getLast().database().claims();
    return Row.forComparison(
        "claims-over-time",
        "Time of a claim, last round against the first",
        last / first,
        String.format(Locale.ROOT, "%.2f", last / first),
        "%.2f ms, then %.2f ms, for %.0f rows".formatted(first, last, rows));
  }
}
