package io.yima.callback;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.yima.authorizer.TokenKeeper;
import io.yima.provider.RegisteredProviders;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.Sandbox;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** A campaign of a provider's: its merchants authorize all at once. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class AuthorizationBurstTest {

  private static final int MERCHANTS = 1_000;
  private static final int CONNECTIONS = 50;
  private static final int MAX_IN_FLIGHT = 256;
  private static final String QUERY_AUTH = "/cgi-bin/component/api_query_auth";

  @Inject ConnectedProviders connected;
  @Inject RegisteredProviders registered;
  @Inject InboxWork inbox;
  @Inject TokenKeeper keeper;
  @Inject SettableClock clock;

  private final Sandbox sandbox = Sandbox.ofThisTest();
  private final ComponentApp app = ComponentApp.unheardOf();

  @Test
  void a_thousand_authorizations_at_once_are_exchanged_once_each_and_none_is_lost()
      throws Exception {
    connected.connect(app);
    List<Push> pushes = new ArrayList<>();
    for (int i = 0; i < MERCHANTS; i++) {
      String merchant = sandbox.serviceAccount("商家");
      Push push = authorized(merchant);
      pushes.add(push);
      if (i % 5 == 0) {
        // WeChat has not heard the answer and sends the event again.
        pushes.add(push);
      }
    }
    sandbox.control("POST", "counters/reset", Map.of());

    push(pushes);
    while (inbox.runDue(inbox.concurrency()) > 0) {
      continue;
    }

    JsonPath counters = sandbox.counters();
    Map<String, Integer> calls = counters.getMap("calls");
    assertThat(calls).containsEntry(QUERY_AUTH, MERCHANTS);
    assertThat(counters.getInt("max_in_flight")).isLessThanOrEqualTo(MAX_IN_FLIGHT);
    assertAllHaveTokens();
    assertThat(keeper.refreshDue(500)).as("tokens that are due in the same moment").isZero();
    Robustness.row(
        "Self-healing",
        "1,000 authorizations pushed over 50 connections at once, every fifth of them twice",
        pushes.size(),
        "each code exchanged once, every merchant with its token, no more calls at once than set");
    registered.archive(app);
  }

  private void push(List<Push> pushes) throws Exception {
    Door door =
        new Door(
            URI.create(
                "http://localhost:" + RestAssured.port + "/wechat/" + app.appid() + "/events"));
    Set<String> answers = new HashSet<>();
    try (ExecutorService connections = Executors.newFixedThreadPool(CONNECTIONS)) {
      List<Future<String>> sent = new ArrayList<>();
      for (Push push : pushes) {
        sent.add(connections.submit(() -> door.push(push)));
      }
      for (Future<String> answer : sent) {
        answers.add(answer.get());
      }
    }
    assertThat(answers).containsExactly("200 success");
  }

  private Push authorized(String merchant) {
    String code = sandbox.authorize(app.appid(), merchant, List.of(1, 46), false);
    return Push.of(
        app,
        Push.event(
            app,
            "authorized",
            clock.instant().getEpochSecond(),
            "<AuthorizerAppid>%s</AuthorizerAppid><AuthorizationCode>%s</AuthorizationCode>"
                .formatted(merchant, code)));
  }

  private void assertAllHaveTokens() {
    int seen = 0;
    String next = null;
    do {
      Map<String, Object> query = new HashMap<>(Map.of("limit", 500));
      if (next != null) {
        query.put("after", next);
      }
      JsonPath page =
          given()
              .auth()
              .oauth2(YimaTestResource.OPERATOR_KEY)
              .header("Yima-Provider", app.appid())
              .queryParams(query)
              .get("/api/v1/authorizers")
              .then()
              .statusCode(200)
              .extract()
              .jsonPath();
      assertThat(page.getList("items.status")).containsOnly("ACTIVE");
      assertThat(page.getList("items.token.state")).containsOnly("FRESH");
      assertThat(page.getList("items.marketing_codes")).containsOnly(true);
      seen += page.getList("items").size();
      next = page.getString("next");
    } while (next != null);
    assertThat(seen).isEqualTo(MERCHANTS);
  }
}
