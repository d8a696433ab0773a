package io.yima.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.TcpProxy;
import io.yima.testsupport.YimaTestResource;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Takes the database away from a running node in the three ways in which databases go, and gives it
 * back: stopped, killed, and out of reach behind connections that stay open.
 */
class DatabaseGoneIT {

  /** The contract says two seconds; the rest is for a machine that does other things as well. */
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private static final int ROUNDS = 10;

  @TempDir Path directory;

  private final ComponentApp app = ComponentApp.unheardOf();
  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private Duration worst = Duration.ZERO;

  /** A way to lose the database, and the way back. */
  private interface Outage {
    void begin() throws IOException;

    void end() throws IOException;
  }

  @Test
  void the_node_says_so_at_once_and_recovers_by_itself() throws Exception {
    try (PackagedYima yima = new PackagedYima(directory);
        TcpProxy network = TcpProxy.to(port(yima.database().jdbcUrl()))) {
      String url = yima.database().jdbcUrl().replaceFirst(":\\d+/", ":" + network.port() + "/");
      JavaProcess node =
          yima.startNode(
              yima.port(),
              Map.of("QUARKUS_DATASOURCE_JDBC_URL", url, "QUARKUS_DATASOURCE_JDBC_MIN_SIZE", "4"));
      ApiClient api = new ApiClient(yima.port(), app);
      yima.sandbox().platform(app, yima.address());
      assertThat(api.register().statusCode()).isEqualTo(201);
      String merchant = yima.sandbox().serviceAccount("断网茶铺");
      yima.sandbox().authorize(app.appid(), merchant, List.of(1, 46));
      KilledNodeIT.awaitMarketingCodes(api, merchant);

      for (Map.Entry<String, Outage> way : ways(yima, network).entrySet()) {
        way.getValue().begin();
        int refused = 0;
        for (int round = 0; round < ROUNDS; round++) {
          refused += assertRefused(yima.port(), merchant, way.getKey() + "-" + round);
        }
        assertThat(get(yima.port(), "/q/health/ready").statusCode()).isEqualTo(503);
        assertThat(get(yima.port(), "/q/health/live").statusCode()).isEqualTo(200);
        assertThat(get(yima.port(), "/q/metrics").body()).contains("yima_database_reachable 0");

        way.getValue().end();
        await().atMost(Duration.ofSeconds(30)).until(() -> PackagedYima.isReady(yima.port()));
        assertThat(api.token(merchant).statusCode()).isEqualTo(200);
        assertThat(api.order(merchant, way.getKey() + "-0").statusCode()).isIn(200, 201, 202);
        await()
            .atMost(Duration.ofSeconds(30))
            .until(() -> api.refresh(merchant).jsonPath().getBoolean("refreshed"));
        Robustness.row(
            "Limits",
            "order, token, push and own record while the database is " + way.getKey(),
            refused,
            "503 with Retry-After; all works again without a restart");
      }

      assertThat(node.isAlive()).isTrue();
      System.out.printf("longest wait for a 503: %d ms%n", worst.toMillis());
      assertStopsPolitely(yima, node, api, merchant);
    }
  }

  private static Map<String, Outage> ways(PackagedYima yima, TcpProxy network) {
    Map<String, Outage> ways = new LinkedHashMap<>();
    ways.put("stopped", new Stopped(yima, network, "fast"));
    ways.put("killed", new Stopped(yima, network, "immediate"));
    ways.put("cut off", new CutOff(network));
    return ways;
  }

  private record Stopped(PackagedYima yima, TcpProxy network, String mode) implements Outage {

    @Override
    public void begin() throws IOException {
      yima.stopDatabase(mode);
      network.refuse();
    }

    @Override
    public void end() throws IOException {
      yima.startDatabase();
      network.acceptFor(port(yima.database().jdbcUrl()));
    }
  }

  private record CutOff(TcpProxy network) implements Outage {

    @Override
    public void begin() {
      network.partition();
    }

    @Override
    public void end() {
      network.heal();
    }
  }

  /** A signal to stop: new requests are sent elsewhere, the one under way gets its answer. */
  private void assertStopsPolitely(
      PackagedYima yima, JavaProcess node, ApiClient api, String merchant) throws Exception {
    yima.sandbox().settings(Map.of("latency", "PT3S"));
    try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
      CompletableFuture<Integer> order =
          CompletableFuture.supplyAsync(() -> api.order(merchant, "last").statusCode(), clients);
      await().until(() -> api.application(merchant, "last").statusCode() == 200);
      CompletableFuture<Void> stopped = CompletableFuture.runAsync(node::stop, clients);
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> get(yima.port(), "/api/v1/provider").statusCode() == 503);
      HttpResponse<String> answer = get(yima.port(), "/api/v1/provider");

      assertThat(answer.statusCode()).isEqualTo(503);
      assertThat(answer.body()).contains("\"code\":\"shutting_down\"");
      assertThat(answer.headers().firstValue("Retry-After")).isPresent();
      assertThat(get(yima.port(), "/q/health/ready").statusCode()).isEqualTo(503);
      assertThat(order.join()).isEqualTo(201);
      stopped.join();
    }
  }

  private int assertRefused(int port, String merchant, String id) {
    List<HttpRequest> requests = new ArrayList<>();
    requests.add(
        request(port, "/api/v1/authorizers/" + merchant + "/code-applications")
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString(
                    "{\"code_count\":10000,\"isv_application_id\":\"" + id + "\"}"))
            .build());
    requests.add(request(port, "/api/v1/authorizers/" + merchant + "/token").build());
    requests.add(request(port, "/api/v1/provider").build());
    requests.add(
        request(port, "/wechat/" + app.appid() + "/events?msg_signature=x&timestamp=1&nonce=2")
            .POST(HttpRequest.BodyPublishers.ofString("<xml/>"))
            .build());
    long start = System.nanoTime();
    List<CompletableFuture<HttpResponse<String>>> answers =
        requests.stream()
            .map(request -> http.sendAsync(request, HttpResponse.BodyHandlers.ofString()))
            .toList();
    for (CompletableFuture<HttpResponse<String>> pending : answers) {
      HttpResponse<String> answer = pending.join();
      assertThat(answer.statusCode()).as("%s: %s", answer.uri(), answer.body()).isEqualTo(503);
      assertThat(answer.headers().firstValue("Retry-After")).as(id).isPresent();
      if (answer.uri().getPath().startsWith("/api")) {
        assertThat(answer.body()).contains("\"code\":\"database_unavailable\"");
      }
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertBusyAtTheGateway(port, merchant, id);
    worst = took.compareTo(worst) > 0 ? took : worst;
    return answers.size();
  }

  /** There a 503 is what SDKs try again by themselves: WeChat's "system busy". */
  private void assertBusyAtTheGateway(int port, String merchant, String id) {
    HttpResponse<String> answer =
        http.sendAsync(
                request(port, "/gateway/" + merchant + "/intp/marketcode/applycode")
                    .POST(
                        HttpRequest.BodyPublishers.ofString(
                            "{\"code_count\":10000,\"isv_application_id\":\"" + id + "\"}"))
                    .build(),
                HttpResponse.BodyHandlers.ofString())
            .join();
    assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
    assertThat(answer.body()).contains("\"errcode\":-1");
  }

  private HttpResponse<String> get(int port, String path) throws Exception {
    return http.send(request(port, path).build(), HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder request(int port, String path) {
    return HttpRequest.newBuilder(URI.create("http://localhost:" + port + path))
        .timeout(PATIENCE)
        .header("Authorization", "Bearer " + YimaTestResource.OPERATOR_KEY)
        .header("Yima-Provider", app.appid());
  }

  private static int port(String jdbcUrl) {
    return Integer.parseInt(jdbcUrl.replaceFirst(".*:(\\d+)/.*", "$1"));
  }
}
