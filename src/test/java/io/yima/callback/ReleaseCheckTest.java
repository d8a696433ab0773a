package io.yima.callback;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.yima.provider.RegisteredProviders;
import io.yima.secrets.Secret;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.Sandbox;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.YimaTestResource;
import io.yima.wechat.Decryption;
import io.yima.wechat.MessageCrypto;
import io.yima.wechat.PushedXml;
import io.yima.wechat.SignedEnvelope;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** WeChat's release check as the page "releases_instructions" tells it, played by the sandbox. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class ReleaseCheckTest {

  private static final String PROBE = "wx570bc396a51b8ff8";
  private static final String ORDINARY = "wx2222222222222222";

  @Inject RegisteredProviders providers;
  @Inject ConnectedProviders connected;
  @Inject SettableClock clock;

  private final Sandbox sandbox = Sandbox.ofThisTest();
  private final ComponentApp app = ComponentApp.unheardOf();

  @BeforeEach
  void connect() {
    connected.connect(app);
  }

  @Test
  void every_probe_of_every_account_is_answered_as_it_demands_and_seen() {
    List<String> accounts =
        List.of(
            PROBE,
            "wx9252c5e0bb1836fc",
            "wx8e1097c5bc82cde9",
            "wx14550af28c71a144",
            "wxa35b9c23cfe664eb",
            "wxd101a85aa106f53e",
            "wxc39235c15087f6f3",
            "wx7720d01d4b2a4500",
            "wx05d483572dcd5d8b",
            "wx5910277cae6fd970");
    assertThat(seen().getString("ticket_received_at")).isNotNull();
    assertThat(seen().getList("probes")).isEmpty();

    for (String account : accounts) {
      JsonPath verdict = played(account);
      assertThat(verdict.getBoolean("passed")).as("%s: %s", account, verdict.prettify()).isTrue();
    }

    assertThat(seen().getList("probes.state")).hasSize(30).containsOnly("ANSWERED");
    assertThat(seen().getList("probes.authorizer_appid")).containsAll(accounts);
    Robustness.row(
        "Release check",
        "probes of WeChat's ten accounts: text, event, and message by an exchanged code",
        30,
        "answered as demanded, and told so");
  }

  @Test
  void a_reply_is_encrypted_for_this_platform_and_signed() {
    Response answer = message(PROBE, text("TESTCOMPONENT_MSG_TYPE_TEXT"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.contentType()).startsWith("text/xml");
    PushedXml reply = opened(app, answer.asString());
    assertThat(reply.field("Content")).isEqualTo("TESTCOMPONENT_MSG_TYPE_TEXT_callback");
    assertThat(reply.field("ToUserName")).isEqualTo("oFollower");
    assertThat(reply.field("FromUserName")).isEqualTo("gh_3c884a361561");
    assertThat(reply.field("MsgType")).isEqualTo("text");
  }

  @Test
  void what_was_encrypted_with_the_former_key_is_answered_with_it() {
    ComponentApp rotated =
        new ComponentApp(
            app.appid(),
            app.appsecret(),
            app.messageToken(),
            ComponentApp.unheardOf().encodingAesKey());
    providers.rotateKey(app, rotated.encodingAesKey());

    Response answer = message(PROBE, text("TESTCOMPONENT_MSG_TYPE_TEXT"));

    assertThat(opened(app, answer.asString()).field("Content")).endsWith("_callback");
  }

  @Test
  void no_other_account_and_no_other_message_is_replied_to() {
    List<Response> answers =
        List.of(
            message(ORDINARY, text("TESTCOMPONENT_MSG_TYPE_TEXT")),
            message(ORDINARY, text("QUERY_AUTH_CODE:queryauthcode@@@x")),
            message(PROBE, text("hello")),
            message(PROBE, text("QUERY_AUTH_CODE:")),
            message(PROBE, text("xQUERY_AUTH_CODE:x")),
            message(PROBE, "<xml><MsgType>text</MsgType><Content>x</Content></xml>"),
            message(PROBE, "<xml><ToUserName>gh</ToUserName></xml>"),
            message(PROBE, "no xml"));

    assertThat(answers).extracting(Response::asString).containsOnly("success");
    assertThat(seen().getList("probes")).isEmpty();
    Robustness.row(
        "Release check",
        "probes to other accounts, and other messages to probe accounts",
        answers.size(),
        "success, no reply, no call");
  }

  @Test
  void what_an_event_is_called_cannot_break_out_of_the_reply() {
    String event = "A]]><Content>forged</Content><![CDATA[B";
    String escaped = event.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    Response answer =
        message(
            PROBE,
            "<xml><ToUserName>gh_1</ToUserName><FromUserName>o1</FromUserName>"
                + "<MsgType>event</MsgType><Event>"
                + escaped
                + "</Event></xml>");

    assertThat(opened(app, answer.asString()).field("Content")).isEqualTo(event + "from_callback");
  }

  @Test
  void a_code_that_is_none_is_tried_and_seen_to_fail() {
    Response answer = message(PROBE, text("QUERY_AUTH_CODE:queryauthcode@@@never-issued"));

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.asString()).isEmpty();
    assertThat(seen().getString("probes[0].state")).isEqualTo("PENDING");
    connected.handlePushes();
    assertThat(seen().getString("probes[0].probe")).isEqualTo("API");
    assertThat(seen().getString("probes[0].state")).isEqualTo("FAILED");
    assertThat(seen().getString("probes[0].last_error.code")).isNotBlank();
    assertThat(seen().prettify()).doesNotContain("never-issued");
  }

  /** WeChat's patience ends after some seconds; the event may be exchanging the code meanwhile. */
  @Test
  void a_code_that_is_being_exchanged_elsewhere_is_tried_again_within_a_second() {
    sandbox.account(Map.of("appid", PROBE));
    String code = sandbox.authorize(app.appid(), PROBE, List.of(1), false);
    sandbox.fault(
        Map.of(
            "path",
            "/cgi-bin/component/api_query_auth",
            "kind",
            "lost_answer",
            "appid",
            app.appid(),
            "times",
            1));
    message(PROBE, text("QUERY_AUTH_CODE:" + code));
    connected.handlePushes();
    assertThat(seen().getString("probes[0].state")).isEqualTo("FAILED");

    sandbox.authorize(app.appid(), PROBE, List.of(1), true);
    await()
        .until(
            () -> {
              connected.handlePushes();
              return authorized();
            });
    clock.advance(Duration.ofSeconds(1));
    connected.handlePushes();

    assertThat(seen().getString("probes[0].last_error.errcode")).isEqualTo("45015");
    clock.advance(Duration.ofSeconds(-1));
  }

  @Test
  void a_wrong_signature_gets_no_reply() {
    Push push = Push.of(app, text("TESTCOMPONENT_MSG_TYPE_TEXT")).signed("0".repeat(40));

    assertThat(push.to("/wechat/" + app.appid() + "/messages/" + PROBE).statusCode())
        .isEqualTo(403);
    assertThat(seen().getList("probes")).isEmpty();
  }

  /** The sandbox waits for the message, which the loop sends that a test has to run. */
  private JsonPath played(String account) {
    CompletableFuture<JsonPath> verdict =
        CompletableFuture.supplyAsync(
            () ->
                sandbox.control(
                    "POST",
                    "platforms/" + app.appid() + "/release-check",
                    Map.of("appid", account)));
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              connected.handlePushes();
              return verdict.isDone();
            });
    return verdict.join();
  }

  private Response message(String account, String xml) {
    return Push.of(app, xml).to("/wechat/" + app.appid() + "/messages/" + account);
  }

  private static String text(String content) {
    return ("<xml><ToUserName>gh_3c884a361561</ToUserName><FromUserName>oFollower</FromUserName>"
            + "<CreateTime>1700000000</CreateTime><MsgType>text</MsgType>"
            + "<Content>%s</Content><MsgId>1</MsgId></xml>")
        .formatted(content);
  }

  private boolean authorized() {
    return operator().get("/api/v1/authorizers/" + PROBE).statusCode() == 200;
  }

  private RequestSpecification operator() {
    return given()
        .auth()
        .oauth2(YimaTestResource.OPERATOR_KEY)
        .header("Yima-Provider", app.appid());
  }

  private JsonPath seen() {
    return operator()
        .get("/api/v1/provider/release-check")
        .then()
        .statusCode(200)
        .extract()
        .jsonPath();
  }

  private static PushedXml opened(ComponentApp app, String body) {
    PushedXml reply = PushedXml.parse(body).orElseThrow();
    Decryption opened =
        new MessageCrypto(
                app.appid(), Secret.of(app.messageToken()), Secret.of(app.encodingAesKey()), null)
            .decrypt(
                new SignedEnvelope(
                    String.valueOf(reply.field("MsgSignature")),
                    String.valueOf(reply.field("TimeStamp")),
                    String.valueOf(reply.field("Nonce")),
                    String.valueOf(reply.field("Encrypt"))));
    assertThat(opened).isInstanceOf(Decryption.Decrypted.class);
    return PushedXml.parse(((Decryption.Decrypted) opened).xml()).orElseThrow();
  }
}
