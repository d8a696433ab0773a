package io.yima.sandbox;

import static io.yima.sandbox.SandboxScene.COMPONENT;
import static io.yima.sandbox.SandboxScene.MERCHANT;
import static io.yima.sandbox.SandboxScene.errcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.yima.sandbox.SandboxScene.Tokens;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SandboxAuthorizerTest {

  private SandboxScene scene;
  private String token;

  @BeforeEach
  void open() throws Exception {
    scene = SandboxScene.withPlatform();
    token = scene.componentToken();
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private JsonNode about(String call) throws Exception {
    return scene.api(
        call,
        token,
        "{'component_appid':'%s','authorizer_appid':'%s'}".formatted(COMPONENT, MERCHANT));
  }

  private JsonNode list(int offset, int count) throws Exception {
    return scene.api(
        "api_get_authorizer_list",
        token,
        "{'component_appid':'%s','offset':%d,'count':%d}".formatted(COMPONENT, offset, count));
  }

  private JsonNode act(String what) throws Exception {
    return scene.control(
        "POST",
        "accounts/" + MERCHANT + "/" + what,
        "{'component_appid':'%s'}".formatted(COMPONENT));
  }

  @Test
  void an_authorization_code_is_pushed_and_exchanged_once() throws Exception {
    String code = act("authorize").path("auth_code").asText();
    await().until(() -> !scene.receiver.of("authorized").isEmpty());
    EventReceiver.Event event = scene.receiver.of("authorized").getFirst();

    assertThat(event.signed()).isTrue();
    assertThat(event.field("AuthorizerAppid")).isEqualTo(MERCHANT);
    assertThat(event.field("AuthorizationCode")).isEqualTo(code);
    JsonNode info = scene.queryAuth(token, code).path("authorization_info");
    assertThat(info.path("authorizer_refresh_token").asText()).startsWith("refreshtoken@@@");
    assertThat(info.path("expires_in").asInt()).isEqualTo(7200);
    assertThat(info.path("func_info").findValuesAsText("id")).contains("46");
    assertThat(errcode(scene.queryAuth(token, code))).isEqualTo(61009);
  }

  @Test
  void a_code_that_is_old_foreign_or_none_is_refused() throws Exception {
    String code = act("authorize").path("auth_code").asText();

    assertThat(errcode(scene.queryAuth(token, "preauthcode@@@x"))).isEqualTo(61009);
    assertThat(errcode(scene.queryAuth(token, ""))).isEqualTo(47001);
    scene.clock.advance(Duration.ofSeconds(600));
    assertThat(errcode(scene.queryAuth(token, code))).isEqualTo(61010);
  }

  @Test
  void a_refresh_gives_a_new_access_token_and_keeps_the_refresh_token() throws Exception {
    Tokens first = scene.authorized(token);

    JsonNode refreshed = scene.refresh(token, first.refreshToken());

    assertThat(refreshed.path("authorizer_refresh_token").asText()).isEqualTo(first.refreshToken());
    assertThat(refreshed.path("authorizer_access_token").asText())
        .isNotEqualTo(first.accessToken());
    assertThat(refreshed.has("errcode")).isFalse();
  }

  @Test
  void the_former_access_token_dies_after_the_overlap_or_at_once() throws Exception {
    Tokens first = scene.authorized(token);
    String second = SandboxScene.tokens(scene.refresh(token, first.refreshToken())).accessToken();
    assertThat(errcode(scene.apply(first.accessToken(), "a", 10_000))).isZero();
    scene.clock.advance(Duration.ofMinutes(5));
    assertThat(errcode(scene.apply(first.accessToken(), "b", 10_000))).isEqualTo(40001);

    scene.control("PUT", "settings", "{'token_overlap':'PT0S'}");
    scene.refresh(token, first.refreshToken());
    assertThat(errcode(scene.apply(second, "c", 10_000))).isEqualTo(40001);
  }

  @Test
  void an_access_token_expires() throws Exception {
    scene.control("PUT", "settings", "{'token_life':'PT60S'}");
    Tokens first = scene.authorized(token);

    scene.clock.advance(Duration.ofSeconds(60));

    assertThat(errcode(scene.apply(first.accessToken(), "a", 10_000))).isEqualTo(42001);
  }

  @Test
  void a_null_empty_or_foreign_refresh_token_is_refused() throws Exception {
    scene.authorized(token);

    assertThat(errcode(scene.refresh(token, ""))).isEqualTo(61023);
    assertThat(errcode(scene.refresh(token, "refreshtoken@@@foreign"))).isEqualTo(61023);
    assertThat(
            errcode(
                scene.api(
                    "api_authorizer_token",
                    token,
                    "{'component_appid':'%s','authorizer_appid':'%s','authorizer_refresh_token':null}"
                        .formatted(COMPONENT, MERCHANT))))
        .isEqualTo(61023);
  }

  @Test
  void rotation_ends_the_former_refresh_token_unless_they_overlap() throws Exception {
    Tokens first = scene.authorized(token);
    scene.control("PUT", "settings", "{'rotate':'always'}");
    String second = SandboxScene.tokens(scene.refresh(token, first.refreshToken())).refreshToken();
    assertThat(second).isNotEqualTo(first.refreshToken());
    assertThat(errcode(scene.refresh(token, first.refreshToken()))).isEqualTo(61023);

    scene.control("PUT", "settings", "{'rotate':0.5,'refresh_token_overlap':'PT5M'}");
    scene.control("PUT", "settings", "{'rotate':'always'}");
    String third = SandboxScene.tokens(scene.refresh(token, second)).refreshToken();
    assertThat(third).isNotEqualTo(second);
    assertThat(errcode(scene.refresh(token, second))).isZero();
  }

  @Test
  void authorizing_again_replaces_both_tokens_at_once() throws Exception {
    Tokens first = scene.authorized(token);

    Tokens second = scene.authorized(token);

    assertThat(errcode(scene.apply(first.accessToken(), "a", 10_000))).isEqualTo(40001);
    assertThat(errcode(scene.refresh(token, first.refreshToken()))).isEqualTo(61023);
    assertThat(errcode(scene.refresh(token, second.refreshToken()))).isZero();
  }

  @Test
  void an_update_pushes_its_own_event_with_a_new_code() throws Exception {
    assertThat(
            scene
                .controlResponse(
                    "POST",
                    "accounts/" + MERCHANT + "/update",
                    "{'component_appid':'%s'}".formatted(COMPONENT))
                .statusCode())
        .isEqualTo(409);
    scene.authorized(token);

    String code = act("update").path("auth_code").asText();

    await().until(() -> !scene.receiver.of("updateauthorized").isEmpty());
    assertThat(scene.receiver.of("updateauthorized").getFirst().field("AuthorizationCode"))
        .isEqualTo(code);
  }

  @Test
  void a_revoked_merchant_is_refused_everywhere_and_the_platform_is_told() throws Exception {
    Tokens tokens = scene.authorized(token);

    act("unauthorize");

    await().until(() -> !scene.receiver.of("unauthorized").isEmpty());
    assertThat(errcode(scene.refresh(token, tokens.refreshToken()))).isEqualTo(61003);
    assertThat(errcode(about("api_get_authorizer_info"))).isEqualTo(61003);
    assertThat(errcode(scene.apply(tokens.accessToken(), "a", 10_000))).isEqualTo(61003);
    assertThat(list(0, 10).path("total_count").asInt()).isZero();
  }

  @Test
  void events_keep_their_order_though_the_first_must_be_tried_again() throws Exception {
    scene.receiver.failures.set(1);
    act("authorize");
    act("unauthorize");

    await().atMost(Duration.ofMinutes(1)).until(() -> !scene.receiver.of("unauthorized").isEmpty());

    assertThat(scene.receiver.events.stream().map(e -> e.field("InfoType")))
        .containsSubsequence("authorized", "unauthorized");
  }

  @Test
  void the_profile_tells_kind_and_grants() throws Exception {
    scene.authorized(token);

    JsonNode info = about("api_get_authorizer_info");

    assertThat(info.at("/authorizer_info/nick_name").asText()).isEqualTo("茶叶 <店>");
    assertThat(info.at("/authorizer_info/service_type_info/id").asInt()).isEqualTo(2);
    assertThat(info.at("/authorizer_info").has("MiniProgramInfo")).isFalse();
    assertThat(info.at("/authorization_info/func_info").findValuesAsText("id"))
        .containsExactly("1", "46");
  }

  @Test
  void the_list_has_pages_of_500_and_calls_its_key_refresh_token() throws Exception {
    Tokens tokens = scene.authorized(token);
    scene.control("POST", "accounts", "{'appid':'wxzz'}");
    scene.control(
        "POST",
        "accounts/wxzz/authorize",
        "{'component_appid':'%s','push':false}".formatted(COMPONENT));

    JsonNode page = list(0, 500);

    assertThat(page.path("total_count").asInt()).isEqualTo(2);
    assertThat(page.at("/list/0/refresh_token").asText()).isEqualTo(tokens.refreshToken());
    assertThat(page.at("/list/1").has("refresh_token"))
        .as("its code was never exchanged")
        .isFalse();
    assertThat(list(1, 1).path("list")).hasSize(1);
    assertThat(errcode(list(0, 501))).isEqualTo(40170);
  }

  @Test
  void the_two_kinds_of_token_are_not_mistaken_for_one_another() throws Exception {
    Tokens tokens = scene.authorized(token);

    assertThat(errcode(scene.refresh(tokens.accessToken(), tokens.refreshToken())))
        .isEqualTo(61014);
    assertThat(errcode(scene.apply(token, "a", 10_000))).isEqualTo(61015);
  }
}
