package io.yima.bench;

import java.time.Duration;
import java.util.List;

/** How much longer an order takes than WeChat takes for it. */
final class Orders implements Scenario {

  private static final int PER_SECOND = 200;
  private static final double GOAL = 10;

  @Override
  public String id() {
    return "order";
  }

  @Override
  public List<Row> run(Stage stage) {
    BenchSettings settings = stage.settings();
    NodeApi api = new NodeApi(stage.node());
    // After the node was warmed up, with a shorter one.
    stage.stub().latency(settings.latency());
    String headers = api.headersOfNewKey();
    OpenLoop load = new OpenLoop(api.address(), PER_SECOND);
    Duration duration = Duration.ofSeconds(settings.seconds());
    int merchants = stage.population().merchants();
    order(load, duration, headers, merchants, "warm-up");
    OpenLoop.Answers taken = order(load, duration, headers, merchants, "measured");
    double weChat = settings.latency().toMillis();
    double own = taken.millis().percentile(0.99) - weChat;
    return List.of(
        Row.atMost(
                id(),
                "Order, stored before WeChat is asked: our own time at "
                    + PER_SECOND
                    + " requests per second, p99",
                GOAL,
                " ms",
                own,
                "%.1f ms".formatted(own),
                "median %.1f ms; what the stub's timer is late counts as ours%s"
                    .formatted(taken.millis().median() - weChat, taken.failures()))
            .onlyIf(taken.allAsExpected()));
  }

  private static OpenLoop.Answers order(
      OpenLoop load, Duration duration, String headers, int merchants, String batch) {
    return load.run(
        duration,
        201,
        number ->
            RawHttp.request(
                "POST",
                "/api/v1/authorizers/" + Appids.of(number % merchants) + "/code-applications",
                headers,
                "{\"code_count\":10000,\"isv_application_id\":\"%s-%d\"}"
                    .formatted(batch, number)));
  }
}
