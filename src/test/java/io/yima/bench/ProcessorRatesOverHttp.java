package io.yima.bench;

import java.util.ArrayList;
import java.util.List;

/** {@link ProcessorRates} without TLS, whose share of the cost this shows. */
final class ProcessorRatesOverHttp implements Scenario {

  @Override
  public String id() {
    return "refresh-cpu-http";
  }

  @Override
  public List<Row> run(Stage stage) {
    BenchSettings settings = stage.settings();
    List<Double> bareRates = new ArrayList<>();
    List<Round> rounds = new ArrayList<>();
    try (Contender bare = stage.contenderOverHttp(Contender.Kind.BARE)) {
      stage.useNode(false);
      for (int i = 0; i < settings.pairs(); i++) {
        bareRates.add(stage.race(bare, settings.refreshes()).rate());
        rounds.add(stage.tokens(settings.refreshes()));
      }
    }
    stage.closeNode();
    List<Double> ours = rounds.stream().map(round -> round.stub().rate()).toList();
    Samples ratios = Samples.of(Pairs.ratios(ours, bareRates));
    return List.of(
        Row.forComparison(
            id(),
            "Refreshes per second over plain HTTP, WeChat takes "
                + settings.shortLatency().toMillis()
                + " ms",
            ratios.median(),
            ratios.spread("%.2f") + " of the bare loop",
            "ours %s/s, bare loop %s/s; %s"
                .formatted(
                    Pairs.spread(ours), Pairs.spread(bareRates), rounds.getLast().details())));
  }
}
