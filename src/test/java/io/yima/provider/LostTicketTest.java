package io.yima.provider;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.yima.callback.ConnectedProviders;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.Sandbox;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import io.yima.wechat.AuthorizerPage;
import io.yima.wechat.Deadline;
import io.yima.wechat.Urgency;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatResult;
import io.yima.wechat.WeChatResult.Success;
import jakarta.inject.Inject;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a provider depends on is taken away: its ticket, or its component token. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class LostTicketTest {

  private static final String TOKEN = "/cgi-bin/component/api_component_token";
  private static final String START_PUSH = "/cgi-bin/component/api_start_push_ticket";

  @Inject ConnectedProviders connected;
  @Inject RegisteredProviders registered;
  @Inject ComponentTokens tokens;
  @Inject ComponentTokenWork work;
  @Inject TicketWatch watch;
  @Inject WeChatClient weChat;
  @Inject MeterRegistry metrics;

  @ConfigProperty(name = "yima.wechat.base-url")
  String weChatAddress;

  private final Sandbox sandbox = Sandbox.ofThisTest();
  private final ComponentApp app = ComponentApp.unheardOf();
  private ProviderId provider;

  @BeforeEach
  void connect() {
    provider = connected.connect(app).id();
    assertThat(call()).isInstanceOf(Success.class);
  }

  @AfterEach
  void mend() {
    sandbox.clearFaults();
    registered.archive(app);
  }

  @Test
  void without_a_new_ticket_the_last_one_serves_for_twelve_hours_and_it_is_told() {
    sandbox.stopTickets(app.appid());
    sandbox.fault(
        Map.of(
            "path",
            START_PUSH,
            "kind",
            "errcode",
            "errcode",
            -1,
            "appid",
            app.appid(),
            "times",
            999));

    for (int hundredMinutes = 1; hundredMinutes <= 7; hundredMinutes++) {
      passes(Duration.ofMinutes(100));
      assertThat(call()).isInstanceOf(Success.class);
      provider()
          .body("ticket.state", equalTo("OLD"))
          .body("ticket.usable_until", notNullValue())
          .body("ticket.push_requested_at", notNullValue())
          .body("ticket.last_error.errcode", equalTo(-1))
          .body("component_token.state", equalTo("FRESH"));
    }
    passes(Duration.ofHours(3));

    provider()
        .body("ticket.state", equalTo("EXPIRED"))
        .body("component_token.state", equalTo("FAILING"))
        .body("component_token.last_error.code", equalTo("ticket_missing"))
        .body("component_token.last_error.remedy", notNullValue());
    assertThat(call()).isNotInstanceOf(Success.class);

    sandbox.pushTicket(app.appid());
    connected.handlePushes();
    work.runDue(1_000);
    provider()
        .body("ticket.state", equalTo("FRESH"))
        .body("ticket.last_error", nullValue())
        .body("component_token.state", equalTo("FRESH"));
    assertThat(call()).isInstanceOf(Success.class);
  }

  @Test
  void a_token_that_another_system_took_is_fetched_anew_once_and_told() {
    double taken = taken();
    int before = issued();
    another();

    assertThat(call()).isInstanceOf(Success.class);

    assertThat(issued() - before).as("its one and ours").isEqualTo(2);
    assertThat(taken()).isEqualTo(taken + 1);
    provider()
        .body("component_token.state", equalTo("FRESH"))
        .body("component_token.rejected_at", notNullValue())
        .body("component_token.last_error", nullValue());
  }

  @Test
  void two_systems_that_take_the_token_from_each_other_do_not_use_up_the_quota() {
    int rounds = 60;
    int ours = 0;
    for (int round = 0; round < rounds; round++) {
      another();
      int before = issued();
      var _ = call();
      ours += issued() - before;
      Time.passes(Duration.ofSeconds(10));
    }

    // Waits of 5, 10, 20, … 300 s, each at least by half, do not fit more often into ten minutes.
    assertThat(ours).isBetween(2, 11);
    provider().body("component_token.rejected_at", notNullValue());
    Time.passes(Duration.ofMinutes(5));
    assertThat(call()).as("once the other has stopped").isInstanceOf(Success.class);
    Time.passes(Duration.ofMinutes(11));
    another();
    assertThat(call()).as("and a single theft after that").isInstanceOf(Success.class);
    Robustness.row(
        "Self-healing",
        "another system that fetches a component token every ten seconds of ten minutes",
        rounds,
        "2 to 11 fetches of ours; works on as soon as the other stops");
  }

  /** A call of WeChat's that needs the component token. */
  private WeChatResult<AuthorizerPage> call() {
    Deadline soon = Deadline.in(Duration.ofSeconds(8), Urgency.INTERACTIVE);
    return tokens.call(
        provider, soon, (appid, token) -> weChat.authorizerList(appid, token, 0, 1, soon));
  }

  /** Another deployment with the same app, secret and ticket fetches a token. */
  private void another() {
    String ticket =
        sandbox
            .control("GET", "platforms?component_appid=" + app.appid(), Map.of())
            .getString("[0].tickets[-1].value");
    given()
        .baseUri(weChatAddress)
        .port(URI.create(weChatAddress).getPort())
        .contentType(ContentType.JSON)
        .body(
            Map.of(
                "component_appid", app.appid(),
                "component_appsecret", app.appsecret(),
                "component_verify_ticket", ticket))
        .post(TOKEN)
        .then()
        .statusCode(200);
  }

  private void passes(Duration step) {
    Time.passes(step);
    watch.runDue(1_000);
    work.runDue(1_000);
  }

  private ValidatableResponse provider() {
    return given()
        .auth()
        .oauth2(YimaTestResource.OPERATOR_KEY)
        .header("Yima-Provider", app.appid())
        .get("/api/v1/provider")
        .then()
        .statusCode(200);
  }

  private int issued() {
    Integer issued = sandbox.counters().get("component_tokens." + app.appid());
    return issued == null ? 0 : issued;
  }

  private double taken() {
    return metrics.get("yima_component_tokens_taken").counter().count();
  }
}
