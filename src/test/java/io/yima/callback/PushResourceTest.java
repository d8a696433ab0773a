package io.yima.callback;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.yima.database.WorkerDatabase;
import io.yima.provider.RegisteredProviders;
import io.yima.tenancy.ProviderEntry;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class PushResourceTest {

  private static final String TICKET = "<ComponentVerifyTicket>ticket@@@t</ComponentVerifyTicket>";

  @Inject RegisteredProviders providers;
  @Inject ConnectedProviders inbox;
  @Inject InboxPurge purge;
  @Inject WorkerDatabase database;
  @Inject SettableClock clock;

  private final ComponentApp app = ComponentApp.unheardOf();
  private ProviderEntry provider;

  @BeforeEach
  void register() {
    provider = providers.register(app);
  }

  @Test
  void a_ticket_is_stored_answered_handled_and_its_text_erased() {
    Response answer = Push.of(app, ticket(100)).toEvents(app.appid());

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.asString()).isEqualTo("success");
    assertThat(answer.contentType()).startsWith("text/plain");
    assertThat(rows()).containsExactly("component_verify_ticket null body");
    inbox.handlePushes();
    assertThat(rows()).containsExactly("component_verify_ticket kept erased");
  }

  @Test
  void a_push_with_a_wrong_signature_is_refused_and_not_stored() {
    Push push = Push.of(app, ticket(100));

    assertThat(push.signed("0".repeat(40)).toEvents(app.appid()).statusCode()).isEqualTo(403);
    assertThat(rows()).isEmpty();
  }

  @Test
  void the_signature_that_leaves_out_the_body_proves_nothing() throws Exception {
    Push push = Push.of(app, ticket(100));
    String[] parts = {app.messageToken(), push.timestamp(), push.nonce()};
    Arrays.sort(parts);
    byte[] sha1 =
        MessageDigest.getInstance("SHA-1")
            .digest(String.join("", parts).getBytes(StandardCharsets.UTF_8));

    Response answer =
        given()
            .queryParam("signature", HexFormat.of().formatHex(sha1))
            .queryParam("timestamp", push.timestamp())
            .queryParam("nonce", push.nonce())
            .body(push.body())
            .post("/wechat/" + app.appid() + "/events");

    assertThat(answer.statusCode()).isEqualTo(403);
    assertThat(rows()).isEmpty();
  }

  @Test
  void a_push_for_another_platform_is_refused_although_its_signature_holds() {
    Push push = Push.of("wx0000000000000000", app, ticket(100));

    assertThat(push.toEvents(app.appid()).statusCode()).isEqualTo(403);
    assertThat(rows()).isEmpty();
  }

  @Test
  void a_body_that_is_no_envelope_is_refused() {
    Push push = new Push("x", "1", "2", "hello");

    assertThat(push.toEvents(app.appid()).statusCode()).isEqualTo(403);
    assertThat(new Push("x", "1", "2", "").toEvents(app.appid()).statusCode()).isEqualTo(403);
  }

  @Test
  void a_push_that_is_repeated_is_answered_again_and_stored_once() {
    Push push = Push.of(app, ticket(100));

    push.toEvents(app.appid());
    inbox.handlePushes();
    Response again = push.toEvents(app.appid());

    assertThat(again.asString()).isEqualTo("success");
    assertThat(rows()).hasSize(1);
  }

  @Test
  void an_unknown_platform_is_told_so() {
    assertThat(Push.of(app, ticket(100)).toEvents("wx1111111111111111").statusCode())
        .isEqualTo(404);
    assertThat(Push.of(app, ticket(100)).toEvents("no%20appid").statusCode()).isEqualTo(404);
  }

  @Test
  void the_former_key_opens_what_was_encrypted_before_a_rotation() {
    ComponentApp rotated =
        new ComponentApp(
            app.appid(),
            app.appsecret(),
            app.messageToken(),
            ComponentApp.unheardOf().encodingAesKey());
    providers.rotateKey(app, rotated.encodingAesKey());
    // Sent once more, the new key must not push out the former one.
    providers.rotateKey(app, rotated.encodingAesKey());

    assertThat(Push.of(app, ticket(1)).toEvents(app.appid()).statusCode()).isEqualTo(200);
    assertThat(Push.of(rotated, ticket(2)).toEvents(app.appid()).statusCode()).isEqualTo(200);
  }

  @Test
  void pushes_for_an_archived_provider_are_answered_and_do_nothing() {
    providers.archive(app);

    Response answer = Push.of(app, ticket(100)).toEvents(app.appid());

    assertThat(answer.asString()).isEqualTo("success");
    inbox.handlePushes();
    assertThat(rows()).containsExactly("component_verify_ticket archived erased");
  }

  @Test
  void a_body_over_64_kib_is_too_large_and_one_of_64_kib_is_not() {
    Push envelope = Push.of(app, ticket(100));
    int missing = 64 * 1024 - envelope.body().length();
    Push full = withBlanks(envelope, missing);

    assertThat(full.toEvents(app.appid()).statusCode()).isEqualTo(200);
    assertThat(withBlanks(full, 1).toEvents(app.appid()).statusCode()).isEqualTo(413);
  }

  @Test
  void kinds_that_nobody_knows_are_answered_and_ignored() {
    String xml = Push.event(app, "notify_third_fasteregister", 100, "<auth_code>x</auth_code>");

    assertThat(Push.of(app, xml).toEvents(app.appid()).asString()).isEqualTo("success");
    assertThat(Push.of(app, "no xml").toEvents(app.appid()).asString()).isEqualTo("success");

    inbox.handlePushes();
    assertThat(rows())
        .containsExactlyInAnyOrder(
            "notify_third_fasteregister ignored erased", "unreadable ignored erased");
  }

  @Test
  void messages_to_merchants_are_kept_until_they_are_handled() {
    String xml =
        "<xml><ToUserName>gh_1</ToUserName><CreateTime>100</CreateTime>"
            + "<MsgType>text</MsgType><Content>secret love</Content><MsgId>1</MsgId></xml>";

    Response answer =
        Push.of(app, xml).to("/wechat/" + app.appid() + "/messages/wx2222222222222222");

    assertThat(answer.asString()).isEqualTo("success");
    inbox.handlePushes();
    assertThat(rows()).containsExactly("message nothing_to_do erased");
  }

  @Test
  void what_was_handled_is_deleted_after_a_month() {
    Push.of(app, ticket(100)).toEvents(app.appid());
    inbox.handlePushes();
    clock.advance(Duration.ofDays(31));
    Push.of(app, ticket(200)).toEvents(app.appid());

    purge.purge();

    assertThat(rows()).containsExactly("component_verify_ticket null body");
    clock.advance(Duration.ofDays(-31));
  }

  private String ticket(long createTime) {
    return Push.event(app, "component_verify_ticket", createTime, TICKET);
  }

  private static Push withBlanks(Push push, int count) {
    return new Push(
        push.msgSignature(), push.timestamp(), push.nonce(), push.body() + " ".repeat(count));
  }

  private List<String> rows() {
    return database.transaction(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  """
                  select concat_ws(' ', kind, coalesce(outcome, 'null'),
                    case when body is null then 'erased' else 'body' end)
                  from callback_inbox where provider_id = ? order by id
                  """)) {
            select.setObject(1, provider.id().value());
            List<String> rows = new ArrayList<>();
            try (ResultSet row = select.executeQuery()) {
              while (row.next()) {
                rows.add(row.getString(1));
              }
            }
            return rows;
          }
        });
  }
}
