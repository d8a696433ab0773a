package io.yima.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.random.RandomGenerator;

/** How long a caller waits for a token over REST, in peace and while a backlog is worked off. */
final class TokenReads implements Scenario {

  private static final int PER_SECOND = 1_000;
  private static final double GOAL = 5;

  @Override
  public String id() {
    return "token-read";
  }

  @Override
  public List<Row> run(Stage stage) {
    BenchSettings settings = stage.settings();
    stage.stub().latency(settings.latency());
    NodeApi api = new NodeApi(stage.node());
    String headers = api.headersOfNewKey();
    OpenLoop load = new OpenLoop(api.address(), PER_SECOND);
    Duration duration = Duration.ofSeconds(settings.seconds());
    int merchants = stage.population().merchants();
    read(load, duration, headers, merchants);
    OpenLoop.Answers inPeace = read(load, duration, headers, merchants);
    stage.stub().reset();
    CompletableFuture<Round> catchUp =
        CompletableFuture.supplyAsync(() -> stage.tokens(settings.backlog()));
    Stage.until(() -> stage.stub().figures().calls() > 0 || catchUp.isDone());
    OpenLoop.Answers beside = read(load, duration, headers, merchants);
    boolean still = !catchUp.isDone();
    catchUp.join();
    double p99 = inPeace.millis().percentile(0.99);
    double p99Beside = beside.millis().percentile(0.99);
    return List.of(
        Row.atMost(
                id(),
                "Token read through REST at " + PER_SECOND + " requests per second, p99",
                GOAL,
                " ms",
                p99,
                "%.1f ms".formatted(p99),
                "median %.1f ms, p99.9 %.1f ms%s"
                    .formatted(
                        inPeace.millis().median(),
                        inPeace.millis().percentile(0.999),
                        inPeace.failures()))
            .onlyIf(inPeace.allAsExpected()),
        Row.atMost(
                "token-read-catch-up",
                "The same while a backlog is worked off",
                2,
                " times that",
                p99Beside / p99,
                "%.1f times".formatted(p99Beside / p99),
                "p99 %.1f ms%s%s"
                    .formatted(
                        p99Beside,
                        still ? "" : "; the backlog was gone before the load ended",
                        beside.failures()))
            .onlyIf(beside.allAsExpected()));
  }

  private static OpenLoop.Answers read(
      OpenLoop load, Duration duration, String headers, int merchants) {
    RandomGenerator random = RandomGenerator.getDefault();
    return load.run(
        duration,
        200,
        number ->
            RawHttp.request(
                "GET",
                "/api/v1/authorizers/" + Appids.of(random.nextInt(merchants)) + "/token",
                headers,
                ""));
  }
}
