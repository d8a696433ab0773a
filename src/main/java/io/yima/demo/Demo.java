package io.yima.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.yima.demo.DemoCast.Merchant;
import io.yima.demo.DemoHttp.Answer;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.net.ConnectException;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Plays the demo once the application answers, and tells a newcomer what to try. What is there
 * already is left as it is, so that a second start and a live reload change nothing.
 */
@ApplicationScoped
class Demo {

  private static final Logger LOG = Logger.getLogger(Demo.class);
  private static final Duration PATIENCE = Duration.ofMillis(250);

  private final DemoConfig config;
  private final DemoSettings settings;
  private final int httpPort;
  private @Nullable Thread player;

  Demo(
      DemoConfig config,
      DemoSettings settings,
      @ConfigProperty(name = "quarkus.http.port") int httpPort) {
    this.config = config;
    this.settings = settings;
    this.httpPort = httpPort;
  }

  void start(@Observes StartupEvent started) {
    if (config.enabled() && isOwnSandbox() && settings.operatorKey().isPresent()) {
      player = Thread.ofVirtual().name("demo").start(this::play);
    }
  }

  void stop(@Observes ShutdownEvent stopped) {
    if (player != null) {
      player.interrupt();
    }
  }

  /** The demo must never touch the real WeChat. */
  private boolean isOwnSandbox() {
    return settings.sandboxEnabled()
        && settings.wechatBaseUrl().getPort() == settings.sandboxPort()
        && settings.wechatBaseUrl().getHost().equals("127.0.0.1");
  }

  private void play() {
    String key = settings.operatorKey().orElseThrow();
    DemoHttp api =
        new DemoHttp(
            "http://localhost:" + httpPort,
            Map.of("Authorization", "Bearer " + key, "Yima-Provider", DemoCast.COMPONENT_APPID));
    DemoHttp sandbox = new DemoHttp(settings.wechatBaseUrl().toString(), Map.of());
    try {
      awaitApplication(api);
      boolean empty = api.fetch("/api/v1/providers/" + DemoCast.COMPONENT_APPID).status() == 404;
      setTheScene(sandbox);
      if (empty) {
        register(api);
        awaitTicket(api);
        authorize(sandbox, api);
        order(api);
      }
      Welcome.print(settings.publicUrl().toString(), sandboxAddress(), key);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      LOG.warnf("The demo could not be played: %s", e.getMessage());
    }
  }

  private String sandboxAddress() {
    return settings.wechatBaseUrl().toString();
  }

  private static void awaitApplication(DemoHttp api) throws IOException, InterruptedException {
    while (true) {
      try {
        api.fetch("/q/health/ready");
        return;
      } catch (ConnectException | HttpTimeoutException e) {
        pause();
      }
    }
  }

  /** Idempotent: the sandbox keeps what it has and learns where events go now. */
  private void setTheScene(DemoHttp sandbox) throws IOException, InterruptedException {
    Map<String, Object> platform = new HashMap<>(DemoCast.SECRETS);
    platform.put("component_appid", DemoCast.COMPONENT_APPID);
    platform.put("callback_base", settings.publicUrl().toString());
    sandbox.require("/sandbox/platforms", platform);
    for (Merchant merchant : DemoCast.MERCHANTS) {
      sandbox.require(
          "/sandbox/accounts",
          Map.of(
              "appid", merchant.appid(),
              "nick_name", merchant.nickName(),
              "principal_name", merchant.principalName()));
    }
  }

  private static void register(DemoHttp api) throws IOException, InterruptedException {
    Map<String, Object> provider = new HashMap<>(DemoCast.SECRETS);
    provider.put("component_appid", DemoCast.COMPONENT_APPID);
    provider.put("name", "Demo provider 演示服务商");
    api.require("/api/v1/providers", provider);
  }

  /** The sandbox pushes one every second until the first is taken. */
  private static void awaitTicket(DemoHttp api) throws IOException, InterruptedException {
    while (!"FRESH".equals(api.fetch("/api/v1/provider").body().at("/ticket/state").asText())) {
      pause();
    }
  }

  private static void authorize(DemoHttp sandbox, DemoHttp api)
      throws IOException, InterruptedException {
    for (Merchant merchant : DemoCast.MERCHANTS) {
      sandbox.require(
          "/sandbox/accounts/" + merchant.appid() + "/authorize",
          Map.of("component_appid", DemoCast.COMPONENT_APPID, "permission_sets", merchant.sets()));
    }
    for (Merchant merchant : DemoCast.MERCHANTS) {
      awaitProfile(api, merchant);
    }
  }

  private static void awaitProfile(DemoHttp api, Merchant merchant)
      throws IOException, InterruptedException {
    while (true) {
      Answer answer = api.fetch("/api/v1/authorizers/" + merchant.appid());
      JsonNode nickName = answer.body().path("nick_name");
      if (answer.status() == 200 && nickName.isTextual()) {
        return;
      }
      pause();
    }
  }

  private static void order(DemoHttp api) throws IOException, InterruptedException {
    api.require(
        "/api/v1/authorizers/" + DemoCast.MERCHANTS.getFirst().appid() + "/code-applications",
        Map.of(
            "code_count", DemoCast.CODE_COUNT,
            "isv_application_id", DemoCast.APPLICATION,
            "label", "明前龙井 2026"));
  }

  private static void pause() throws InterruptedException {
    LockSupport.parkNanos(PATIENCE.toNanos());
    if (Thread.interrupted()) {
      throw new InterruptedException();
    }
  }
}
