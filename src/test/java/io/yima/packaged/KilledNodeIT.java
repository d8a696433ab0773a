package io.yima.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.yima.testsupport.ComponentApp;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A node is killed, as by the kernel, in the middle of an order and of a refresh, at instants drawn
 * from a seed. The sandbox outlives it and is the witness of what really arrived at WeChat.
 */
class KilledNodeIT {

  private static final int KILLS = Integer.getInteger("faults.kills", 6);
  private static final long SEED = 46;

  /** Short, so that what a dead node held falls free soon. */
  private static final Map<String, String> IMPATIENT =
      Map.of(
          "YIMA_WECHAT_TIMEOUT", "PT2S",
          "YIMA_TOKENS_LEASE", "PT8S",
          "YIMA_SYNC_LEASE", "PT8S");

  @TempDir Path directory;

  @Test
  void nothing_is_lost_and_nothing_is_ordered_twice() throws Exception {
    try (PackagedYima yima = new PackagedYima(directory)) {
      ComponentApp app = ComponentApp.unheardOf();
      ApiClient api = new ApiClient(yima.port(), app);
      JavaProcess node = yima.startNode(yima.port(), IMPATIENT);
      // Every refresh token is good for one refresh, and half of every call's time is still to
      // come when WeChat has done its work: the hardest of what is unknown about the real one.
      yima.sandbox().settings(Map.of("rotate", "always", "latency", "PT0.1S"));
      yima.sandbox().platform(app, yima.address());
      assertThat(api.register().statusCode()).isEqualTo(201);
      String merchant = yima.sandbox().serviceAccount("断电茶铺");
      yima.sandbox().authorize(app.appid(), merchant, List.of(1, 46));
      awaitMarketingCodes(api, merchant);

      Random random = new Random(SEED);
      Set<String> promised = new HashSet<>();
      List<String> orders = new ArrayList<>();
      try (ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
        for (int kill = 1; kill <= KILLS; kill++) {
          String id = "kill-" + kill;
          orders.add(id);
          CompletableFuture<Integer> order =
              CompletableFuture.supplyAsync(() -> status(() -> api.order(merchant, id)), clients);
          CompletableFuture<Integer> refresh =
              CompletableFuture.supplyAsync(() -> status(() -> api.refresh(merchant)), clients);
          // A node that has just started takes its time for its first order: the instants reach
          // from
          // before it is stored to after it is answered.
          LockSupport.parkNanos(Duration.ofMillis(random.nextInt(1200)).toNanos());
          node.kill();
          if (order.join() / 100 == 2) {
            promised.add(id);
          }
          refresh.join();
          node = yima.startNode(yima.port(), IMPATIENT);
        }
      }

      assertThat(promised).allSatisfy(id -> assertKept(api, merchant, id));
      // Who got no answer asks again, as every client does.
      orders.forEach(
          id -> await().atMost(Duration.ofSeconds(60)).until(() -> accepted(api, merchant, id)));
      orders.forEach(
          id -> await().atMost(Duration.ofSeconds(60)).until(() -> submitted(api, merchant, id)));
      List<Map<String, Object>> atWeChat = yima.sandbox().applications(merchant);
      assertThat(atWeChat)
          .extracting(application -> application.get("isv_application_id"))
          .containsExactlyInAnyOrderElementsOf(orders);
      await()
          .atMost(Duration.ofSeconds(60))
          .untilAsserted(() -> assertThat(api.token(merchant).statusCode()).isEqualTo(200));
      assertThat(api.token(merchant).jsonPath().getString("access_token"))
          .as("the token that Yima gives out is one that WeChat takes")
          .isIn(accessTokens(yima, app, merchant));
      assertThat(yima.sandbox().counters().getList("overlaps")).isEmpty();
      System.out.printf(
          "killed %d times (seed %d): %d orders answered before, %d orders in the ledger, %d at"
              + " WeChat, %d overlapping refreshes%n",
          KILLS, SEED, promised.size(), orders.size(), atWeChat.size(), 0);
    }
  }

  static void awaitMarketingCodes(ApiClient api, String merchant) {
    await()
        .atMost(Duration.ofSeconds(60))
        .ignoreExceptions()
        .until(
            () -> {
              JsonPath answer = api.authorizer(merchant).jsonPath();
              return answer.getBoolean("marketing_codes")
                  && "FRESH".equals(answer.getString("token.state"));
            });
  }

  private static List<String> accessTokens(PackagedYima yima, ComponentApp app, String merchant) {
    Map<String, String> authorization =
        yima.sandbox()
            .account(merchant)
            .getMap("authorizations.find { it.component_appid == '" + app.appid() + "' }");
    List<String> tokens = new ArrayList<>();
    tokens.add(authorization.get("access_token"));
    if (authorization.get("former_access_token") instanceof String former) {
      tokens.add(former);
    }
    return tokens;
  }

  private static void assertKept(ApiClient api, String merchant, String id) {
    assertThat(api.application(merchant, id).statusCode()).as("%s was promised", id).isEqualTo(200);
  }

  private static boolean accepted(ApiClient api, String merchant, String id) {
    return api.order(merchant, id).statusCode() / 100 == 2;
  }

  private static boolean submitted(ApiClient api, String merchant, String id) {
    String state = api.application(merchant, id).jsonPath().getString("state");
    return "SUBMITTED".equals(state) || "FINISHED".equals(state);
  }

  /** 0 when the node died before it answered. */
  private static int status(Supplier<Response> call) {
    try {
      return call.get().statusCode();
    } catch (RuntimeException e) {
      return 0;
    } catch (Throwable e) {
      // REST Assured throws exceptions of java.net that it does not declare.
      return 0;
    }
  }
}
