package io.yima.bench;

import java.util.ArrayList;
import java.util.List;

/** How many applications a second WeChat is asked about, where waiting for it is the limit. */
final class StatusSyncs implements Scenario {

  @Override
  public String id() {
    return "status-sync";
  }

  @Override
  public List<Row> run(Stage stage) {
    BenchSettings settings = stage.settings();
    int applications = Math.max(1_000, settings.refreshes() / 5);
    stage.population().applicationsTo(applications);
    Contender bare = stage.contender(Contender.Kind.BARE);
    stage.node();
    stage.stub().latency(settings.latency());
    List<Double> bareRates = new ArrayList<>();
    List<Round> rounds = new ArrayList<>();
    stage.applications(applications);
    for (int i = 0; i < settings.pairs(); i++) {
      // What was asked about before comes due again, and is not to be counted with the others'
      // calls.
      stage.population().putOff();
      bareRates.add(stage.race(bare, applications).rate());
      rounds.add(stage.applications(applications));
    }
    List<Double> ours = rounds.stream().map(round -> round.stub().rate()).toList();
    Samples ratios = Samples.of(Pairs.ratios(ours, bareRates));
    return List.of(
        Row.atLeast(
            id(),
            "Status syncs per second, WeChat takes " + settings.latency().toMillis() + " ms",
            0.85,
            " of the bare loop",
            ratios.median(),
            ratios.spread("%.2f"),
            "ours %s/s, bare loop %s/s; %s"
                .formatted(
                    Pairs.spread(ours), Pairs.spread(bareRates), rounds.getLast().details())));
  }
}
