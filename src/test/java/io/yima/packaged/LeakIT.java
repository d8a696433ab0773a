package io.yima.packaged;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.YimaTestResource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Looks for secrets that the test knows where none may ever stand. */
class LeakIT {

  @TempDir Path directory;

  @Test
  void no_known_secret_is_in_the_log_the_database_files_or_the_metrics() throws Exception {
    Map<String, String> secrets = new HashMap<>();
    Path log;
    try (PackagedYima yima = new PackagedYima(directory)) {
      ComponentApp app = ComponentApp.unheardOf();
      ApiClient api = new ApiClient(yima.port(), app);
      JavaProcess node =
          yima.startNode(yima.port(), Map.of("QUARKUS_LOG_CATEGORY__IO_YIMA__LEVEL", "DEBUG"));
      String merchant = live(yima, api, app);

      secrets.put("operator key", YimaTestResource.OPERATOR_KEY);
      secrets.put("provider key", api.providerKey().jsonPath().getString("key"));
      secrets.put("component_appsecret", app.appsecret());
      secrets.put("message_token", app.messageToken());
      secrets.put("encoding_aes_key", app.encodingAesKey());
      Map<String, String> authorization =
          yima.sandbox().account(merchant).getMap("authorizations[0]");
      secrets.put("access token", authorization.get("access_token"));
      secrets.put("refresh token", authorization.get("refresh_token"));
      String platform = "find { it.component_appid == '" + app.appid() + "' }";
      Map<String, Object> atWeChat =
          yima.sandbox().control("GET", "platforms", Map.of()).getMap(platform);
      secrets.put("component token", (String) atWeChat.get("component_access_token"));
      String metrics = api.metrics();
      node.stop();
      log = directory.resolve("node-" + yima.port() + ".log");

      assertThat(secrets.values()).doesNotContainNull().allMatch(secret -> secret.length() >= 16);
      secrets.forEach((name, secret) -> assertThat(metrics).as(name).doesNotContain(secret));
    }
    // The database has stopped and so has written everything to its files.
    secrets.forEach((name, secret) -> assertAbsent(name, secret, log));
  }

  /** Exercises what handles secrets, failures included. */
  private static String live(PackagedYima yima, ApiClient api, ComponentApp app) {
    yima.sandbox().platform(app, yima.address());
    assertThat(api.register().statusCode()).isEqualTo(201);
    String merchant = yima.sandbox().serviceAccount("守口如瓶");
    yima.sandbox().authorize(app.appid(), merchant, List.of(1, 46));
    KilledNodeIT.awaitMarketingCodes(api, merchant);
    assertThat(api.token(merchant).statusCode()).isEqualTo(200);
    for (String kind : List.of("reset", "broken_body", "http", "lost_answer")) {
      yima.sandbox().fault(Map.of("path", "/intp/marketcode/applycode", "kind", kind, "times", 1));
      assertThat(api.order(merchant, "leak-" + kind).statusCode()).isEqualTo(202);
      yima.sandbox()
          .fault(
              Map.of("path", "/cgi-bin/component/api_authorizer_token", "kind", kind, "times", 1));
      api.refresh(merchant);
    }
    await()
        .atMost(Duration.ofSeconds(90))
        .until(() -> api.refresh(merchant).jsonPath().getBoolean("refreshed"));
    return merchant;
  }

  private void assertAbsent(String name, String secret, Path log) {
    try (Stream<Path> files = Files.walk(directory.resolve("postgresql"))) {
      List<Path> found =
          Stream.concat(Stream.of(log), files.filter(Files::isRegularFile))
              .filter(file -> !file.toString().contains("binaries-"))
              .filter(file -> contains(file, secret))
              .toList();
      assertThat(found).as("files with the %s", name).isEmpty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean contains(Path file, String secret) {
    try {
      // One byte a character: good enough to find ASCII in anything.
      return new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1).contains(secret);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
