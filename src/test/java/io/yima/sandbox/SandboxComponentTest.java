package io.yima.sandbox;

import static io.yima.sandbox.SandboxScene.API;
import static io.yima.sandbox.SandboxScene.COMPONENT;
import static io.yima.sandbox.SandboxScene.SECRET;
import static io.yima.sandbox.SandboxScene.componentTokenBody;
import static io.yima.sandbox.SandboxScene.errcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SandboxComponentTest {

  private SandboxScene scene;

  @BeforeEach
  void open() throws Exception {
    scene = SandboxScene.withPlatform();
  }

  @AfterEach
  void close() {
    scene.close();
  }

  private static String self() {
    return "{'component_appid':'" + COMPONENT + "'}";
  }

  @Test
  void a_ticket_is_pushed_signed_and_encrypted_right_after_registration() {
    EventReceiver.Event event = scene.receiver.of("component_verify_ticket").getFirst();

    assertThat(event.signed()).isTrue();
    assertThat(event.path()).isEqualTo("/wechat/" + COMPONENT + "/events");
    assertThat(event.field("AppId")).isEqualTo(COMPONENT);
    assertThat(event.field("ComponentVerifyTicket")).startsWith("ticket@@@");
    assertThat(event.field("CreateTime")).isEqualTo("1772352000");
  }

  @Test
  void a_ticket_is_pushed_every_ten_minutes_and_on_demand() throws Exception {
    await()
        .until(
            () -> scene.control("GET", "platforms", "").at("/0/ticket_acknowledged").asBoolean());
    assertThat(scene.control("GET", "platforms?component_appid=" + COMPONENT, "")).hasSize(1);
    assertThat(scene.control("GET", "platforms?component_appid=wxanother", "")).isEmpty();
    int before = scene.receiver.of("component_verify_ticket").size();

    scene.clock.advance(Duration.ofMinutes(10));

    await().until(() -> scene.receiver.of("component_verify_ticket").size() > before);
    JsonNode pushed = scene.control("POST", "tickets/" + COMPONENT, "");
    assertThat(pushed.path("ok").asBoolean()).isTrue();
    assertThat(pushed.path("detail").asText()).isEqualTo("success");
  }

  @Test
  void a_ticket_that_was_never_acknowledged_comes_again_within_seconds() throws Exception {
    scene.receiver.events.clear();
    scene.receiver.failures.set(1);

    scene.register(COMPONENT);

    await().atMost(Duration.ofMinutes(1)).until(() -> !scene.receiver.events.isEmpty());
    assertThat(scene.counters().at("/pushes/component_verify_ticket failed").asInt()).isEqualTo(1);
  }

  @Test
  void stopped_pushes_start_again_by_the_call_that_takes_component_secret() throws Exception {
    await()
        .until(
            () -> scene.control("GET", "platforms", "").at("/0/ticket_acknowledged").asBoolean());
    scene.control("POST", "tickets/" + COMPONENT, "{'pushing':false}");
    scene.receiver.events.clear();
    String body = "{'component_appid':'%s','%s':'%s'}";

    assertThat(
            errcode(
                scene.api(
                    "api_start_push_ticket",
                    null,
                    body.formatted(COMPONENT, "component_appsecret", SECRET))))
        .isEqualTo(41004);
    assertThat(
            errcode(
                scene.api(
                    "api_start_push_ticket",
                    null,
                    body.formatted(COMPONENT, "component_secret", "x"))))
        .isEqualTo(40125);
    assertThat(
            errcode(
                scene.api(
                    "api_start_push_ticket",
                    null,
                    body.formatted("wxnone", "component_secret", SECRET))))
        .isEqualTo(61011);
    assertThat(scene.receiver.events).isEmpty();
    assertThat(
            errcode(
                scene.api(
                    "api_start_push_ticket",
                    null,
                    body.formatted(COMPONENT, "component_secret", SECRET))))
        .isZero();
    await().until(() -> !scene.receiver.events.isEmpty());
  }

  @Test
  void a_component_token_needs_the_right_secret_and_a_usable_ticket() throws Exception {
    String ticket = scene.ticket();

    assertThat(errcode(scene.api("api_component_token", null, componentTokenBody("short", ticket))))
        .isEqualTo(40125);
    assertThat(
            errcode(
                scene.api(
                    "api_component_token",
                    null,
                    componentTokenBody(SECRET.replace('0', '9'), ticket))))
        .isEqualTo(40001);
    assertThat(
            errcode(
                scene.api("api_component_token", null, componentTokenBody(SECRET, "ticket@@@no"))))
        .isEqualTo(61006);
    assertThat(
            errcode(
                scene.api(
                    "api_component_token",
                    null,
                    "{'component_appid':'x','component_appsecret':'y'}")))
        .isEqualTo(61011);
    scene.control("POST", "tickets/" + COMPONENT, "{'pushing':false}");
    scene.clock.advance(Duration.ofHours(13));
    assertThat(errcode(scene.api("api_component_token", null, componentTokenBody(SECRET, ticket))))
        .isEqualTo(61005);
  }

  @Test
  void a_new_component_token_ends_the_former_and_an_old_one_expires() throws Exception {
    String first = scene.componentToken();
    assertThat(scene.api("api_create_preauthcode", first, self()).path("pre_auth_code").asText())
        .startsWith("preauthcode@@@");

    String second = scene.componentToken();
    assertThat(errcode(scene.api("api_create_preauthcode", first, self()))).isEqualTo(40001);
    assertThat(errcode(scene.api("api_create_preauthcode", second, self()))).isZero();

    scene.clock.advance(Duration.ofSeconds(7200));
    assertThat(errcode(scene.api("api_create_preauthcode", second, self()))).isEqualTo(42006);
    assertThat(errcode(scene.api("api_create_preauthcode", null, self()))).isEqualTo(41001);
  }

  @Test
  void the_body_must_name_the_platform_of_the_token() throws Exception {
    String token = scene.componentToken();
    scene.register("wxother");

    assertThat(errcode(scene.api("api_create_preauthcode", token, "{'component_appid':'wxother'}")))
        .isEqualTo(49001);
    assertThat(errcode(scene.api("api_create_preauthcode", token, "{}"))).isEqualTo(41018);
    assertThat(errcode(scene.api("api_create_preauthcode", token, "{'component_appid':'wxnone'}")))
        .isEqualTo(61011);
  }

  @Test
  void requests_that_are_no_requests_are_refused() throws Exception {
    String token = scene.componentToken();

    assertThat(errcode(SandboxScene.json(scene.get(API + "api_component_token")))).isEqualTo(43002);
    assertThat(errcode(scene.api("api_component_token", null, ""))).isEqualTo(44002);
    assertThat(errcode(scene.api("api_component_token", null, "{no"))).isEqualTo(47001);
    assertThat(errcode(scene.api("api_create_preauthcode", token, "[1]"))).isEqualTo(47001);
    assertThat(scene.post("/cgi-bin/nothing", "{}").statusCode()).isEqualTo(404);
  }

  @Test
  void answers_are_as_odd_as_the_real_ones_until_that_is_switched_off() throws Exception {
    var odd = scene.post(API + "api_component_token", componentTokenBody(SECRET, scene.ticket()));
    assertThat(odd.headers().firstValue("content-type")).hasValue("text/plain");
    assertThat(SandboxScene.json(odd).has("errcode")).isFalse();
    assertThat(scene.api("api_component_token", null, "").path("errmsg").asText())
        .contains(" rid: ");

    scene.control("PUT", "settings", "{'odd':false}");
    var plain = scene.post(API + "api_component_token", componentTokenBody(SECRET, scene.ticket()));
    assertThat(plain.headers().firstValue("content-type").orElseThrow())
        .startsWith("application/json");
    assertThat(SandboxScene.json(plain).path("errcode").asInt(-5)).isZero();
  }
}
