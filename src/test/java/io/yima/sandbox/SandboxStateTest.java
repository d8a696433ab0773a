package io.yima.sandbox;

import static io.yima.sandbox.SandboxScene.COMPONENT;
import static io.yima.sandbox.SandboxScene.errcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.yima.sandbox.SandboxScene.Tokens;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxStateTest {

  @TempDir Path directory;

  private SandboxScene open() throws Exception {
    return SandboxScene.withPlatform(directory.resolve("data").resolve("sandbox.json"));
  }

  @Test
  void a_restart_loses_nothing_that_was_answered() throws Exception {
    try (SandboxScene scene = open()) {
      String component = scene.componentToken();
      Tokens tokens = scene.authorized(component);
      long id = scene.apply(tokens.accessToken(), "a", 10_000).path("application_id").asLong();
      scene.control("PUT", "settings", "{'rotate':0.25}");
      scene.control("POST", "clock", "{'advance':'PT60S'}");

      scene.restart();

      assertThat(scene.apply(tokens.accessToken(), "a", 10_000).path("application_id").asLong())
          .isEqualTo(id);
      assertThat(errcode(scene.refresh(component, tokens.refreshToken()))).isZero();
      JsonNode settings = scene.control("GET", "settings", "");
      assertThat(settings.path("rotate").asText()).isEqualTo("0.25");
      assertThat(scene.control("GET", "clock", "").path("now").asText())
          .isEqualTo("2026-03-01T08:01:00Z");
    }
  }

  @Test
  void an_event_that_was_not_delivered_is_delivered_after_a_restart() throws Exception {
    try (SandboxScene scene = open()) {
      scene.receiver.failures.set(2);
      scene.control(
          "POST",
          "accounts/" + SandboxScene.MERCHANT + "/authorize",
          "{'component_appid':'" + COMPONENT + "'}");

      scene.restart();

      await().atMost(Duration.ofMinutes(1)).until(() -> !scene.receiver.of("authorized").isEmpty());
    }
  }

  @Test
  void the_state_file_is_its_owners_only() throws Exception {
    try (SandboxScene scene = open()) {
      scene.componentToken();
      Path file = directory.resolve("data").resolve("sandbox.json");

      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rw-------");
    }
  }

  @Test
  void the_clock_moves_on_request_and_tokens_grow_old_by_it() throws Exception {
    try (SandboxScene scene = open()) {
      Tokens tokens = scene.authorized(scene.componentToken());

      scene.control("POST", "clock", "{'advance':'PT2H'}");

      assertThat(errcode(scene.apply(tokens.accessToken(), "a", 10_000))).isEqualTo(42001);
    }
  }

  @Test
  void everything_can_be_wiped() throws Exception {
    try (SandboxScene scene = open()) {
      scene.control("PUT", "settings", "{'odd':false}");

      scene.control("DELETE", "state", "");

      assertThat(scene.control("GET", "platforms", "")).isEmpty();
      assertThat(scene.control("GET", "accounts", "")).isEmpty();
      assertThat(scene.control("GET", "settings", "").path("odd").asBoolean()).isTrue();
    }
  }

  @Test
  void the_current_tokens_can_be_seen() throws Exception {
    try (SandboxScene scene = open()) {
      Tokens tokens = scene.authorized(scene.componentToken());

      JsonNode account = scene.control("GET", "accounts/" + SandboxScene.MERCHANT, "");

      assertThat(account.at("/authorizations/0/access_token").asText())
          .isEqualTo(tokens.accessToken());
      assertThat(account.at("/authorizations/0/refresh_token").asText())
          .isEqualTo(tokens.refreshToken());
    }
  }

  @Test
  void control_requests_with_unknown_or_bad_fields_are_refused_by_name() throws Exception {
    try (SandboxScene scene = open()) {
      var unknown = scene.controlResponse("POST", "accounts", "{'appid':'x','nickname':'y'}");
      assertThat(unknown.statusCode()).isEqualTo(400);
      assertThat(unknown.body()).contains("nickname");
      for (String body :
          List.of(
              "{'tokens_life':'PT1S'}",
              "{'rotate':'often'}",
              "{'token_life':'soon'}",
              "{'token_life':null}",
              "[]")) {
        assertThat(scene.controlResponse("PUT", "settings", body).statusCode())
            .as(body)
            .isEqualTo(400);
      }
      assertThat(scene.controlResponse("POST", "platforms", "{'component_appid':'x'}").statusCode())
          .isEqualTo(400);
      assertThat(scene.controlResponse("GET", "nowhere", "").statusCode()).isEqualTo(404);
    }
  }
}
