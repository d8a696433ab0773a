package io.yima.sandbox;

import static io.yima.sandbox.SandboxScene.API;
import static io.yima.sandbox.SandboxScene.COMPONENT;
import static io.yima.sandbox.SandboxScene.MERCHANT;
import static io.yima.sandbox.SandboxScene.errcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.yima.sandbox.SandboxScene.Tokens;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SandboxFaultsTest {

  private static final String APPLY = "/intp/marketcode/applycode";

  private SandboxScene scene;
  private String component;
  private Tokens tokens;

  @BeforeEach
  void open() throws Exception {
    scene = SandboxScene.withPlatform();
    component = scene.componentToken();
    tokens = scene.authorized(component);
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private void fault(String fields) throws Exception {
    scene.control("POST", "faults", "{" + fields + "}");
  }

  private JsonNode apply() throws Exception {
    return scene.apply(tokens.accessToken(), "a", 10_000);
  }

  private int created() throws Exception {
    return scene.counters().path("applications_created").asInt();
  }

  @Test
  void an_errcode_comes_n_times_instead_of_the_work() throws Exception {
    fault(
        "'path':'"
            + APPLY
            + "','kind':'errcode','errcode':45009,'errmsg':'reach max api daily quota','times':2");

    assertThat(apply().path("errmsg").asText()).startsWith("reach max api daily quota rid: ");
    assertThat(errcode(apply())).isEqualTo(45009);
    assertThat(created()).isZero();
    assertThat(errcode(apply())).isZero();
    assertThat(scene.counters().at("/faults/errcode").asInt()).isEqualTo(2);
  }

  @Test
  void a_fault_may_strike_one_appid_only_and_any_path_that_begins_alike() throws Exception {
    fault("'path':'/intp/*','kind':'errcode','errcode':-1,'appid':'wxsomeoneelse'");
    assertThat(errcode(apply())).isZero();

    fault("'path':'/intp/*','kind':'errcode','errcode':-1,'appid':'" + MERCHANT + "'");
    assertThat(errcode(apply())).isEqualTo(-1);
    scene.control("DELETE", "faults", "");
    assertThat(errcode(apply())).isZero();
  }

  @Test
  void a_probability_is_drawn_from_a_seed() throws Exception {
    List<List<Integer>> runs = new ArrayList<>();
    for (int run = 0; run < 2; run++) {
      fault("'path':'" + APPLY + "','kind':'errcode','errcode':-1,'probability':0.5,'seed':7");
      List<Integer> outcomes = new ArrayList<>();
      for (int i = 0; i < 12; i++) {
        outcomes.add(errcode(apply()));
      }
      runs.add(outcomes);
      scene.control("DELETE", "faults", "");
    }

    assertThat(runs.get(0)).isEqualTo(runs.get(1)).contains(0, -1);
  }

  @Test
  void an_http_error_does_no_work() throws Exception {
    fault("'path':'" + APPLY + "','kind':'http','status':502,'times':1");

    HttpResponse<String> response =
        scene.post(APPLY + "?access_token=" + tokens.accessToken(), "{}");

    assertThat(response.statusCode()).isEqualTo(502);
    assertThat(created()).isZero();
  }

  @Test
  void a_broken_body_is_no_json_although_the_work_is_done() throws Exception {
    fault("'path':'" + APPLY + "','kind':'broken_body','times':1");

    assertThatThrownBy(this::apply)
        .isInstanceOf(com.fasterxml.jackson.core.JsonProcessingException.class);
    assertThat(created()).isEqualTo(1);
  }

  @Test
  void an_answer_can_be_rewritten_although_the_work_is_done() throws Exception {
    fault(
        "'path':'"
            + APPLY
            + "','kind':'answer','set':{'application_id':'7','more':[{'a':1},null]},"
            + "'remove':['errmsg','/nowhere/1'],'times':1");
    JsonNode answer = apply();
    assertThat(answer.path("application_id").textValue()).isEqualTo("7");
    assertThat(answer.at("/more/1").isNull()).isTrue();
    assertThat(answer.has("errmsg")).isFalse();
    assertThat(created()).isEqualTo(1);

    String list = API + "api_get_authorizer_list?component_access_token=" + component;
    fault(
        "'path':'"
            + API
            + "api_get_authorizer_list','kind':'answer','times':1,"
            + "'set':{'/list/0/refresh_token':null},'remove':['/list/0/auth_time']");
    String body =
        scene.post(list, "{'component_appid':'" + COMPONENT + "','offset':0,'count':9}").body();
    assertThat(body).contains("\"refresh_token\":null").doesNotContain("auth_time");

    fault("'path':'" + APPLY + "','kind':'answer','body':'[1','times':1");
    assertThat(scene.post(APPLY + "?access_token=" + "x".repeat(5_000), "{}").body())
        .isEqualTo("[1");
  }

  @Test
  void a_truncated_body_and_a_lost_answer_do_the_work_but_a_reset_does_not() throws Exception {
    fault("'path':'" + APPLY + "','kind':'reset','times':1");
    assertThatThrownBy(this::apply).isInstanceOf(IOException.class);
    assertThat(created()).isZero();

    fault("'path':'" + APPLY + "','kind':'lost_answer','times':1");
    assertThatThrownBy(this::apply).isInstanceOf(IOException.class);
    assertThat(created()).isEqualTo(1);

    fault("'path':'" + APPLY + "','kind':'truncated_body','times':1");
    assertThatThrownBy(() -> scene.apply(tokens.accessToken(), "b", 10_000))
        .isInstanceOf(IOException.class);
    assertThat(created()).isEqualTo(2);
  }

  @Test
  void a_timeout_holds_until_the_client_gives_up() throws Exception {
    fault("'path':'" + APPLY + "','kind':'timeout','times':1");
    var request =
        scene
            .request(APPLY + "?access_token=" + tokens.accessToken(), "{}")
            .timeout(Duration.ofMillis(300))
            .build();

    assertThatThrownBy(() -> scene.client.send(request, BodyHandlers.ofString()))
        .isInstanceOf(HttpTimeoutException.class);

    await().until(() -> scene.counters().path("in_flight").asInt() == 0);
    assertThat(created()).isZero();
  }

  @Test
  void a_held_call_is_made_when_its_fault_is_taken_back() throws Exception {
    fault("'path':'" + APPLY + "','kind':'held','times':1");
    String body = "{'code_count':10000,'isv_application_id':'a'}";
    var request = scene.request(APPLY + "?access_token=" + tokens.accessToken(), body).build();

    var answer = scene.client.sendAsync(request, BodyHandlers.ofString());
    await().until(() -> scene.control("GET", "faults", "").path(0).path("used").asInt() == 1);
    assertThat(created()).isZero();
    scene.control("DELETE", "faults", "{}");

    assertThat(errcode(Json.parse(answer.join().body()))).isZero();
    assertThat(created()).isEqualTo(1);
  }

  @Test
  void two_refreshes_of_one_merchant_at_one_instant_are_counted() throws Exception {
    fault("'path':'" + API + "api_authorizer_token','kind':'delay','delay_ms':600,'times':2");
    String path = API + "api_authorizer_token?component_access_token=" + component;
    var request = scene.request(path, SandboxScene.refreshBody(tokens.refreshToken())).build();

    var first = scene.client.sendAsync(request, BodyHandlers.ofString());
    var second = scene.client.sendAsync(request, BodyHandlers.ofString());
    CompletableFuture.allOf(first, second).join();

    JsonNode counters = scene.counters();
    assertThat(counters.path("overlapping_refreshes").asInt()).isEqualTo(1);
    assertThat(counters.path("max_in_flight").asInt()).isEqualTo(2);
    assertThat(counters.path("refreshes").path(COMPONENT + "/" + MERCHANT).asInt()).isEqualTo(2);
  }

  @Test
  void refreshes_one_after_the_other_do_not_overlap_and_counters_can_be_reset() throws Exception {
    scene.refresh(component, tokens.refreshToken());
    scene.refresh(component, tokens.refreshToken());

    JsonNode counters = scene.counters();
    assertThat(counters.path("overlapping_refreshes").asInt()).isZero();
    assertThat(counters.path("calls").path(API + "api_authorizer_token").asInt()).isEqualTo(2);
    assertThat(scene.control("POST", "counters/reset", "").path("calls")).isEmpty();
  }

  @Test
  void latency_applies_to_every_call() throws Exception {
    scene.control("PUT", "settings", "{'latency':'PT0.2S'}");
    long start = System.nanoTime();

    apply();

    assertThat(Duration.ofNanos(System.nanoTime() - start))
        .isGreaterThanOrEqualTo(Duration.ofMillis(190));
  }

  @Test
  void a_fault_that_makes_no_sense_is_refused() throws Exception {
    for (String body :
        List.of(
            "{'kind':'reset'}",
            "{'path':'/x'}",
            "{'path':'/x','kind':'explode'}",
            "{'path':'/x','kind':'errcode'}",
            "{'path':'/x','kind':'delay'}",
            "{'path':'/x','kind':'answer'}",
            "{'path':'/x','kind':'answer','set':[1]}",
            "{'path':'/x','kind':'reset','probability':2}",
            "{'path':'/x','kind':'reset','time':2}")) {
      assertThat(scene.controlResponse("POST", "faults", body).statusCode())
          .as(body)
          .isEqualTo(400);
    }
  }

  @Test
  void each_call_for_a_token_is_in_the_history_with_its_caller_and_what_it_was_given()
      throws Exception {
    scene.control("POST", "counters/reset", "");
    fault("'path':'/cgi-bin/component/api_authorizer_token','kind':'reset','times':1");
    assertThatThrownBy(() -> scene.refresh(component, tokens.refreshToken()))
        .isInstanceOf(IOException.class);
    JsonNode fresh = scene.refresh(component, tokens.refreshToken());

    JsonNode history = scene.control("GET", "history", "");

    assertThat(history).hasSize(2);
    assertThat(history.get(0).has("token")).isFalse();
    assertThat(history.get(1).path("token")).isEqualTo(fresh.path("authorizer_access_token"));
    for (JsonNode call : history) {
      assertThat(call.path("authorizer_appid").asText()).isEqualTo(MERCHANT);
      assertThat("http://" + call.path("host").asText()).isEqualTo(scene.server.baseUrl());
      assertThat(call.path("began").asText()).isLessThanOrEqualTo(call.path("ended").asText());
    }
  }
}
