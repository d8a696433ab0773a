package io.yima.bench;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How many tokens a second where the processor is the limit: ours, the bare loop, plain sockets and
 * WxJava, in turns.
 */
final class ProcessorRates implements Scenario {

  private static final Map<Contender.Kind, String> RIVALS =
      Map.of(
          Contender.Kind.WXJAVA_AS_PUBLISHED,
          "WxJava's open module with its own 10 connections, tokens in memory",
          Contender.Kind.WXJAVA,
          "WxJava's open module with as many connections as ours, tokens in memory",
          Contender.Kind.WXJAVA_DURABLE,
          "WxJava's open module with as many connections, tokens in PostgreSQL");

  @Override
  public String id() {
    return "refresh-cpu";
  }

  @Override
  public List<Row> run(Stage stage) {
    BenchSettings settings = stage.settings();
    Map<Contender.Kind, List<Double>> rates = new EnumMap<>(Contender.Kind.class);
    for (Contender.Kind kind : Contender.Kind.values()) {
      stage.contender(kind);
      rates.put(kind, new ArrayList<>());
    }
    stage.node();
    stage.stub().latency(settings.shortLatency());
    List<Round> ours = new ArrayList<>();
    for (int i = 0; i < settings.pairs(); i++) {
      for (Contender.Kind kind : Contender.Kind.values()) {
        rates.get(kind).add(stage.race(stage.contender(kind), merchants(settings, kind)).rate());
      }
      ours.add(stage.tokens(settings.refreshes()));
    }
    stage.closeContenders();
    List<Row> rows = rows(settings, rates, ours);
    rows.add(profile(stage));
    return rows;
  }

  /** A rate needs no more of those who are slow. */
  private static int merchants(BenchSettings settings, Contender.Kind kind) {
    return RIVALS.containsKey(kind)
        ? Math.max(1_000, settings.refreshes() / 5)
        : settings.refreshes();
  }

  private List<Row> rows(
      BenchSettings settings, Map<Contender.Kind, List<Double>> rates, List<Round> rounds) {
    List<Double> ours = rounds.stream().map(round -> round.stub().rate()).toList();
    long latency = settings.shortLatency().toMillis();
    List<Double> bare = rates.get(Contender.Kind.BARE);
    Samples toBare = Samples.of(Pairs.ratios(ours, bare));
    List<Row> rows = new ArrayList<>();
    rows.add(
        Row.atLeast(
            id(),
            "Refreshes per second, WeChat takes " + latency + " ms",
            0.65,
            " of the bare loop",
            toBare.median(),
            toBare.spread("%.2f"),
            "ours %s/s, bare loop %s/s; %s"
                .formatted(Pairs.spread(ours), Pairs.spread(bare), rounds.getLast().details())));
    RIVALS.keySet().stream().sorted().forEach(kind -> rows.add(rival(kind, ours, rates.get(kind))));
    List<Double> raw = rates.get(Contender.Kind.RAW);
    Samples headroom = Samples.of(Pairs.ratios(raw, bare));
    rows.add(
        Row.forComparison(
            "stub",
            "Plain sockets against the bare loop: the stub is not the limit",
            headroom.median(),
            headroom.spread("%.2f"),
            "plain sockets %s/s".formatted(Pairs.spread(raw))));
    return rows;
  }

  private static Row profile(Stage stage) {
    Profile profile = stage.profile(stage.settings().refreshes());
    return new Row(
        "refresh-cpu-profile",
        "Where a node's processor time goes meanwhile",
        "–",
        "–",
        null,
        Row.Verdict.FOR_COMPARISON,
        profile.words());
  }

  private static Row rival(Contender.Kind kind, List<Double> ours, List<Double> theirs) {
    Samples ratios = Samples.of(Pairs.ratios(ours, theirs));
    return Row.atLeast(
        kind.name().toLowerCase(Locale.ROOT).replace('_', '-'),
        "The same against " + RIVALS.get(kind),
        5,
        " times",
        ratios.median(),
        ratios.spread("%.2f"),
        "WxJava %s/s".formatted(Pairs.spread(theirs)));
  }
}
