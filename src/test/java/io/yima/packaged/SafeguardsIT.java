package io.yima.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restassured.response.Response;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.FreePort;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Each safeguard against two nodes and sudden death in the situation it is there for: with it the
 * record is clean, and with it taken out of the statements the same examination finds what is
 * wrong.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class SafeguardsIT {

  private static final Duration LEASE = Duration.ofSeconds(10);

  private static final Map<String, String> IMPATIENT =
      Map.of(
          "YIMA_WECHAT_TIMEOUT", "PT4S",
          "YIMA_TOKENS_LEASE", LEASE.toString(),
          "YIMA_SYNC_LEASE", LEASE.toString());

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private static final Pattern TURNS =
      Pattern.compile("(?m)^yima_token_refreshes_total\\{[^}]*} ([0-9.]+)");

  @TempDir static Path directory;

  private static PackagedYima yima;
  private static FaultyNode first;
  private static FaultyNode second;

  private final ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor();
  private final ComponentApp app = ComponentApp.unheardOf();
  private final ApiClient atFirst = new ApiClient(first.port(), app);
  private final ApiClient atSecond = new ApiClient(second.port(), app);

  @BeforeAll
  static void start() {
    yima = new PackagedYima(directory);
    first = node("first", yima.port());
    second = node("second", FreePort.choose());
    first.launch();
    second.launch();
    first.awaitReady();
    second.awaitReady();
  }

  private static FaultyNode node(String name, int port) {
    return new FaultyNode(yima, name, port, "127.0.0.1", SqlMutation.NONE, IMPATIENT);
  }

  @AfterAll
  static void stop() throws IOException {
    first.close();
    second.close();
    yima.close();
  }

  @BeforeEach
  void register() {
    yima.sandbox().settings(Map.of("token_life", "PT2H", "rotate", "off", "latency", "PT0S"));
    assertThat(atFirst.register().statusCode()).isEqualTo(201);
    // Its ticket is pushed at once, to a node that knows whose it is.
    yima.sandbox().platform(app, yima.address());
  }

  @AfterEach
  void mend() {
    first.proxy().mutate(SqlMutation.NONE);
    second.proxy().mutate(SqlMutation.NONE);
    clients.shutdownNow();
  }

  /** The first node is paused while WeChat answers, until another has renewed the same token. */
  @Order(1)
  @ParameterizedTest
  @CsvSource({"NONE, true", "NO_FENCE, false"})
  void a_node_that_was_paused_writes_nothing_over_what_its_successor_wrote(
      SqlMutation mutation, boolean clean) {
    String merchant = merchant();
    first.proxy().mutate(mutation);
    // Its answer is on its way when the node is paused; and of the calls that its successor takes
    // to
    // find the refresh token again, no claim has time for all.
    yima.sandbox().settings(Map.of("rotate", "always", "latency", "PT2S"));
    int before = refreshes(merchant);
    int callsBefore = refreshCalls(merchant);
    double turnsBefore = turns(atFirst);
    Future<?> refresh = clients.submit(() -> atFirst.refresh(merchant));
    await().atMost(PATIENCE).until(() -> refreshCalls(merchant) == callsBefore + 1);
    first.pause(
        () -> {
          await().atMost(PATIENCE).until(() -> refreshes(merchant) == before + 1);
          await().atMost(PATIENCE).until(() -> refreshed(atSecond.refresh(merchant)));
          assertThat(refreshes(merchant)).isEqualTo(before + 2);
        });

    await().atMost(PATIENCE).until(refresh::isDone);
    await().atMost(PATIENCE).until(() -> turns(atFirst) > turnsBefore);
    assertThat(holdsNewest(merchant)).isEqualTo(clean);
    assertThat(mutation.wasUsed()).isTrue();
  }

  /** The node dies once WeChat has made the application and before it could answer. */
  @Order(2)
  @ParameterizedTest
  @CsvSource({"NONE, true", "NO_WRITE_AHEAD, false"})
  void what_wechat_was_asked_for_is_in_the_ledger(SqlMutation mutation, boolean clean) {
    String merchant = merchant();
    first.proxy().mutate(mutation);
    yima.sandbox().settings(Map.of("latency", "PT1S"));
    Future<?> order = clients.submit(() -> atFirst.order(merchant, "last-1"));
    await().atMost(PATIENCE).until(() -> yima.sandbox().applications(merchant).size() == 1);

    first.process().kill();
    await().atMost(PATIENCE).until(order::isDone);

    assertThat(atSecond.application(merchant, "last-1").statusCode() == 200).isEqualTo(clean);
    assertThat(mutation.wasUsed()).isTrue();
    first.restart();
  }

  /** Two nodes have the same merchants due while WeChat takes its time. The last: it goes on. */
  @Order(3)
  @ParameterizedTest
  @CsvSource({"NONE, true", "NO_LEASE, false"})
  void two_nodes_never_renew_one_token_at_the_same_time(SqlMutation mutation, boolean clean) {
    first.proxy().mutate(mutation);
    second.proxy().mutate(mutation);
    yima.sandbox().settings(Map.of("token_life", "PT6S", "latency", "PT1S"));
    List<String> merchants = Stream.generate(this::merchant).limit(5).toList();

    await()
        .atMost(PATIENCE)
        .until(() -> merchants.stream().mapToInt(this::refreshes).sum() >= 4 * merchants.size());

    List<String> overlaps = yima.sandbox().counters().getList("overlaps");
    assertThat(overlaps.stream().noneMatch(overlap -> overlap.contains(app.appid())))
        .isEqualTo(clean);
    assertThat(mutation.wasUsed()).isTrue();
  }

  /** A merchant with a fresh token and the right to order. */
  private String merchant() {
    String merchant = yima.sandbox().serviceAccount("双保险");
    yima.sandbox().authorize(app.appid(), merchant, List.of(1, 46));
    KilledNodeIT.awaitMarketingCodes(atFirst, merchant);
    return merchant;
  }

  private static boolean refreshed(Response answer) {
    return answer.statusCode() == 200 && answer.jsonPath().getBoolean("refreshed");
  }

  private int refreshes(String merchant) {
    return counted("refreshes", merchant);
  }

  /** Also those that WeChat has not answered yet. */
  private int refreshCalls(String merchant) {
    return counted("refresh_calls", merchant);
  }

  private int counted(String what, String merchant) {
    Map<String, Integer> counts = yima.sandbox().counters().getMap(what);
    return counts.getOrDefault(app.appid() + "/" + merchant, 0);
  }

  /** How many renewals this node has seen to their end, whatever it was. */
  private static double turns(ApiClient node) {
    return TURNS
        .matcher(node.metrics())
        .results()
        .mapToDouble(line -> Double.parseDouble(line.group(1)))
        .sum();
  }

  private boolean holdsNewest(String merchant) {
    String held = atSecond.token(merchant).jsonPath().getString("access_token");
    String newest =
        yima.sandbox()
            .account(merchant)
            .getString(
                "authorizations.find { it.component_appid == '" + app.appid() + "' }.access_token");
    return newest.equals(held);
  }
}
