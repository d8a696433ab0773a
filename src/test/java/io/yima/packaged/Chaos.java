package io.yima.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.restassured.path.json.JsonPath;
import io.yima.packaged.FaultPlan.Kind;
import io.yima.packaged.FaultPlan.Step;
import io.yima.packaged.FaultPlan.WeChatFault;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.FreePort;
import io.yima.testsupport.Sandbox;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.core.ConditionFactory;

/**
 * Two nodes, their database, a WeChat and busy clients, to all of which things happen. Tokens live
 * for seconds, and each refresh makes the former refresh token worthless.
 */
final class Chaos implements AutoCloseable {

  static final Duration LEASE = Duration.ofSeconds(8);

  private static final Duration CALL_TIMEOUT = Duration.ofSeconds(2);
  private static final int MERCHANTS = 24;

  private static final Map<String, String> IMPATIENT =
      Map.of(
          "YIMA_WECHAT_TIMEOUT", CALL_TIMEOUT.toString(),
          "YIMA_TOKENS_LEASE", LEASE.toString(),
          "YIMA_SYNC_LEASE", LEASE.toString(),
          "YIMA_SYNC_FIRST_AFTER", "PT1S",
          "YIMA_SYNC_MAX_INTERVAL", "PT4S");

  /** By which name each node knows the sandbox's host. */
  private static final List<String> HOSTS = List.of("127.0.0.1", "localhost");

  private final PackagedYima yima;
  private final List<FaultyNode> nodes = new ArrayList<>();
  private final ComponentApp app = ComponentApp.unheardOf();
  private final List<String> merchants = new ArrayList<>();
  private final Map<Kind, Integer> done = new EnumMap<>(Kind.class);
  private final Map<WeChatFault, Integer> struck = new EnumMap<>(WeChatFault.class);
  private final HttpClient http = HttpClient.newHttpClient();
  private final Clients clients;
  private final LeaseJournal journal;

  private Chaos(PackagedYima yima, SqlMutation mutation) throws SQLException {
    this.yima = yima;
    List<Integer> ports = List.of(yima.port(), FreePort.choose());
    for (int i = 0; i < FaultPlan.NODES; i++) {
      nodes.add(new FaultyNode(yima, "node-" + i, ports.get(i), HOSTS.get(i), mutation, IMPATIENT));
    }
    clients = new Clients(app, merchants, ports);
    nodes.forEach(FaultyNode::launch);
    nodes.forEach(FaultyNode::awaitReady);
    journal = LeaseJournal.begin(yima);
  }

  /** Everything is up, and every merchant has a token, when it returns. */
  static Chaos begin(Path directory, SqlMutation mutation, long seed) throws SQLException {
    Chaos chaos = new Chaos(new PackagedYima(directory), mutation);
    chaos.populate();
    chaos.clients.begin(seed);
    return chaos;
  }

  private void populate() {
    Sandbox sandbox = yima.sandbox();
    sandbox.settings(
        Map.of(
            "token_life", "PT8S",
            "component_token_life", "PT40S",
            "rotate", "always",
            "latency", "PT0.4S",
            "init_time", "PT1S",
            "processing_time", "PT1S"));
    ApiClient api = new ApiClient(yima.port(), app);
    assertThat(api.register().statusCode()).isEqualTo(201);
    sandbox.platform(app, yima.address());
    for (int i = 0; i < MERCHANTS; i++) {
      merchants.add(sandbox.serviceAccount("乱世茶铺" + i));
      sandbox.authorize(app.appid(), merchants.getLast(), List.of(1, 46));
    }
    patiently("every merchant has a token").until(() -> fresh(api) == MERCHANTS);
  }

  /** Lets everything in the plan happen, and returns when all of it has. */
  void suffer(FaultPlan plan) throws IOException {
    for (Step step : plan.steps()) {
      step.meanwhile().forEach(fault -> yima.sandbox().fault(fault.rule()));
      LockSupport.parkNanos(step.after().toNanos());
      suffer(step);
      done.merge(step.kind(), step.times(), Integer::sum);
    }
    for (Step step : plan.steps()) {
      step.meanwhile().forEach(fault -> struck.merge(fault, fault.times(), Integer::sum));
    }
  }

  private void suffer(Step step) throws IOException {
    FaultyNode node = nodes.get(step.node());
    switch (step.kind()) {
      case KILLED -> {
        node.process().kill();
        node.restart();
      }
      case STOPPED -> {
        node.process().stop();
        node.restart();
      }
      case PAUSED -> node.pause(() -> LockSupport.parkNanos(step.lasts().toNanos()));
      case CRASHED -> {
        yima.stopDatabase("immediate");
        LockSupport.parkNanos(step.lasts().toNanos());
        yima.startDatabase();
        nodes.forEach(one -> one.proxy().redirect(yima.database().jdbcUrl()));
      }
      case CUT -> {
        int before = node.proxy().commitsCut();
        node.proxy().cutAfterCommit(step.times());
        patiently("commits are cut")
            .until(() -> node.proxy().commitsCut() >= before + step.times());
      }
    }
  }

  /** Waits until WeChat has failed as often as it was to. */
  void awaitFaultsOfWeChat() {
    patiently("WeChat has failed in every way")
        .until(
            () ->
                !yima.sandbox()
                    .control("GET", "faults", Map.of())
                    .getList("spent")
                    .contains(false));
    yima.sandbox().clearFaults();
  }

  /** What must never be, whenever one looks. */
  Examination examine() throws Exception {
    int created = yima.sandbox().counters().getInt("applications_created");
    List<Map<String, Object>> atWeChat =
        yima.sandbox().control("GET", "applications", Map.of()).getList("$");
    Map<String, String> promised = Map.copyOf(clients.promised());
    List<Clients.Read> reads = clients.reads();
    JsonNode history = history();
    LeaseJournal.Entries entries = journal.entries();
    Examination examination = new Examination(nodes, CALL_TIMEOUT);
    examination.orders(promised, created, atWeChat, journal.ledger());
    examination.calls(history, Map.of(HOSTS.get(0), "node-0", HOSTS.get(1), "node-1"), entries);
    examination.writes(entries);
    examination.reads(reads, history);
    return examination;
  }

  /** From now on nothing goes wrong any more; returns when all that was left over is done. */
  void recover() {
    yima.sandbox().clearFaults();
    yima.sandbox().settings(Map.of("token_life", "PT2H", "component_token_life", "PT2H"));
    clients.finish();
    patiently("every order is promised").until(clients::finished);
    for (FaultyNode node : nodes) {
      ApiClient api = new ApiClient(node.port(), app);
      patiently("every token is fresh at " + node.name()).until(() -> fresh(api) == MERCHANTS);
      patiently("every token is WeChat's newest at " + node.name())
          .until(() -> merchants.stream().allMatch(merchant -> holdsNewest(api, merchant)));
    }
    patiently("every order is finished")
        .until(
            () ->
                journal.ledger().stream().allMatch(row -> row.state().equals("FINISHED"))
                    && journal.ledger().size() == clients.placed().size());
    assertThat(clients.promised()).isEqualTo(clients.placed());
    assertThat(yima.sandbox().counters().getInt("applications_created"))
        .as("applications at WeChat")
        .isEqualTo(clients.placed().size());
  }

  /** Both nodes do what they did before it all. */
  void assertWorks() {
    for (FaultyNode node : nodes) {
      String id = "after-all-" + node.name();
      assertThat(clients.order(node.port(), merchants.getFirst(), id)).isEqualTo(201);
      assertThat(new ApiClient(node.port(), app).refresh(merchants.getFirst()).statusCode())
          .isEqualTo(200);
    }
  }

  /** Nodes that are stopped leave nothing behind. */
  void stop() throws SQLException {
    nodes.forEach(node -> node.process().stop());
    assertThat(TwoNodesIT.leasesHeld(yima)).as("leases held by nodes that stopped").isZero();
    assertThat(yima.sandbox().counters().getInt("in_flight")).isZero();
  }

  /** How often what happened. */
  Map<Kind, Integer> done() {
    return done;
  }

  /** How many calls WeChat failed in which way. */
  Map<WeChatFault, Integer> struck() {
    return struck;
  }

  Clients clients() {
    return clients;
  }

  /** Everything that must stand nowhere in clear. */
  SecretSearch secrets() throws Exception {
    SecretSearch secrets = new SecretSearch();
    secrets.add("master keyset", yima.keyset());
    secrets.add("component_appsecret", app.appsecret());
    secrets.add("encoding_aes_key", app.encodingAesKey());
    for (JsonNode call : history()) {
      if (call.has("token")) {
        secrets.add("access token", call.path("token").asText());
      }
    }
    for (String merchant : merchants) {
      secrets.add("refresh token", authorization(merchant).getString("refresh_token"));
    }
    return secrets;
  }

  private boolean holdsNewest(ApiClient api, String merchant) {
    String held = api.token(merchant).jsonPath().getString("access_token");
    return authorization(merchant).getString("access_token").equals(held);
  }

  private JsonPath authorization(String merchant) {
    return yima.sandbox().account(merchant).setRootPath("authorizations[0]");
  }

  /** How many merchants may order with a token that is valid and not due. */
  private static long fresh(ApiClient api) {
    JsonPath list = api.send("GET", "/api/v1/authorizers?limit=500", "").jsonPath();
    return list.getList("items.findAll { it.marketing_codes && it.token.state == 'FRESH' }").size();
  }

  private JsonNode history() throws IOException, InterruptedException {
    URI address = URI.create(yima.sandbox().address() + "/sandbox/history");
    return new ObjectMapper()
        .readTree(
            http.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString()).body());
  }

  private static ConditionFactory patiently(String what) {
    return await(what)
        .atMost(Duration.ofMinutes(5))
        .pollInterval(Duration.ofMillis(250))
        .ignoreExceptions();
  }

  @Override
  public void close() throws IOException {
    clients.close();
    http.shutdownNow();
    for (FaultyNode node : nodes) {
      node.close();
    }
    yima.close();
  }
}
