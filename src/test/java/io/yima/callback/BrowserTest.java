package io.yima.callback;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.yima.authorizer.AuthorizerStatus;
import io.yima.authorizer.Authorizers;
import io.yima.database.Ids;
import io.yima.database.WorkerDatabase;
import io.yima.provider.RegisteredProviders;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderEntry;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Sandbox;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class BrowserTest {

  private static final String IN_WECHAT = "Mozilla/5.0 (iPhone) Mobile MicroMessenger/8.0.50";

  @Inject ConnectedProviders connected;
  @Inject RegisteredProviders registered;
  @Inject WorkerDatabase database;
  @Inject SettableClock clock;
  @Inject Authorizers authorizers;

  private final ComponentApp app = ComponentApp.unheardOf();

  @Test
  void the_invitation_is_a_page_that_asks_nothing_of_wechat_yet() {
    String path = page(link(registered.register(app), Duration.ofDays(7)));

    Response page = given().get(path);

    assertThat(page.statusCode()).isEqualTo(200);
    assertThat(page.contentType()).startsWith("text/html");
    assertThat(page.header("Referrer-Policy")).isEqualTo("origin");
    assertThat(page.header("Cache-Control")).isEqualTo("no-store");
    assertThat(page.header("X-Content-Type-Options")).isEqualTo("nosniff");
    assertThat(page.header("Content-Security-Policy")).contains("default-src 'none'");
    assertThat(page.asString())
        .contains("<form method=\"post\">", "测试服务商", "Continue to WeChat")
        .doesNotContain("<script");
  }

  @Test
  void the_button_leads_to_wechats_page_for_the_device() {
    UUID link = link(connected.connect(app), Duration.ofDays(7));

    Response pc = press(page(link), "Mozilla/5.0 (X11; Linux x86_64)");
    Response phone = press(page(link), IN_WECHAT);
    Response asked = press(page(link) + "?device=pc", IN_WECHAT);

    assertThat(pc.statusCode()).isEqualTo(303);
    assertThat(pc.header("Referrer-Policy")).isEqualTo("origin");
    assertThat(pc.header("Location"))
        .startsWith(Sandbox.ofThisTest().address() + "/cgi-bin/componentloginpage?")
        .contains("component_appid=" + app.appid(), "pre_auth_code=", "auth_type=1");
    assertThat(URLDecoder.decode(pc.header("Location"), StandardCharsets.UTF_8))
        .contains("/wechat/" + app.appid() + "/authorized?link=" + link);
    assertThat(phone.header("Location")).contains("/wxaopen/safe/bindcomponent?");
    assertThat(asked.header("Location")).contains("/cgi-bin/componentloginpage?");
  }

  @Test
  void links_that_are_unknown_or_expired_or_of_another_provider_are_told_apart_in_two_languages() {
    ProviderEntry provider = registered.register(app);
    ComponentApp other = ComponentApp.unheardOf();
    UUID foreign = link(registered.register(other), Duration.ofDays(7));
    UUID expired = link(provider, Duration.ofDays(-1));

    assertThat(given().get(page(expired)).statusCode()).isEqualTo(410);
    assertThat(press(page(expired), "").statusCode()).isEqualTo(410);
    assertThat(given().get(page(expired)).asString()).contains("链接已过期", "has expired");
    assertThat(given().get(page(foreign)).statusCode()).isEqualTo(404);
    assertThat(given().get(page(UUID.randomUUID())).statusCode()).isEqualTo(404);
    assertThat(given().get("/wechat/" + app.appid() + "/authorize/1-2").statusCode())
        .isEqualTo(404);
  }

  @Test
  void the_button_says_so_when_wechat_cannot_be_asked() {
    UUID link = link(registered.register(app), Duration.ofDays(7));

    Response answer = press(page(link), "");

    assertThat(answer.statusCode()).isEqualTo(503);
    assertThat(answer.asString()).contains("暂时无法连接微信");
  }

  @Test
  void a_code_is_exchanged_only_with_a_link_that_holds() {
    ProviderEntry provider = registered.register(app);
    UUID expired = link(provider, Duration.ofDays(-1));
    String path = "/wechat/" + app.appid() + "/authorized?auth_code=queryauthcode@@@x";

    assertThat(given().get(path).statusCode()).isEqualTo(403);
    assertThat(given().get(path + "&link=" + UUID.randomUUID()).statusCode()).isEqualTo(403);
    assertThat(given().get(path + "&link=" + expired).statusCode()).isEqualTo(403);
  }

  @Test
  void event_and_redirect_race_and_both_end_well() throws Exception {
    ProviderEntry provider = connected.connect(app, "https://isv.example/back?a=b");
    UUID link = link(provider, Duration.ofDays(7));
    Sandbox sandbox = Sandbox.ofThisTest();
    String merchant = sandbox.serviceAccount("商家");
    String code = sandbox.authorize(app.appid(), merchant, List.of(1, 46));
    String path = "/wechat/" + app.appid() + "/authorized";
    await().until(() -> inboxHolds(provider, "authorized"));

    Response answer;
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Future<?> event = threads.submit(connected::handlePushes);
      answer =
          given()
              .redirects()
              .follow(false)
              .queryParam("auth_code", code)
              .queryParam("expires_in", 600)
              .queryParam("link", link.toString())
              .get(path);
      event.get();
    }

    assertThat(answer.statusCode()).as(answer.asString()).isEqualTo(303);
    assertThat(answer.header("Location"))
        .isEqualTo("https://isv.example/back?a=b&authorizer_appid=" + merchant);
    assertThat(inboxHolds(provider, "authorized")).isFalse();
    assertThat(authorizers.standing(new AuthorizerId(provider.id(), merchant)))
        .hasValueSatisfying(it -> assertThat(it.status()).isEqualTo(AuthorizerStatus.ACTIVE));
  }

  private boolean inboxHolds(ProviderEntry provider, String kind) {
    return database.transaction(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  """
                  select 1 from callback_inbox
                  where provider_id = ? and kind = ? and handled_at is null
                  """)) {
            select.setObject(1, provider.id().value());
            select.setString(2, kind);
            return select.executeQuery().next();
          }
        });
  }

  private String page(UUID link) {
    return "/wechat/" + app.appid() + "/authorize/" + link;
  }

  private static Response press(String path, String userAgent) {
    return given().redirects().follow(false).header("User-Agent", userAgent).post(path);
  }

  private UUID link(ProviderEntry provider, Duration life) {
    UUID id = Ids.next();
    database.transaction(
        connection -> {
          try (PreparedStatement insert =
              connection.prepareStatement(
                  """
                  insert into authorization_link
                    (id, provider_id, auth_type, created_at, expires_at)
                  values (?, ?, 1, now(), ?)
                  """)) {
            insert.setObject(1, id);
            insert.setObject(2, provider.id().value());
            insert.setObject(3, clock.instant().plus(life).atOffset(ZoneOffset.UTC));
            return insert.executeUpdate();
          }
        });
    return id;
  }
}
