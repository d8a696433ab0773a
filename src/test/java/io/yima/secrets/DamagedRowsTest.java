package io.yima.secrets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.codes.OrderScene;
import io.yima.database.WorkerDatabase;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A sealed value that does not open keeps nobody else from being worked on, and is told. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class DamagedRowsTest {

  private static final String COMPONENT = "/cgi-bin/component/";

  @Inject WorkerDatabase database;
  @Inject MeterRegistry metrics;

  private OrderScene scene;
  private String merchant;
  private String other;

  @BeforeEach
  void open() {
    scene = OrderScene.open();
    merchant = scene.merchant();
    other = scene.merchant();
  }

  @AfterEach
  void mend() {
    scene.sandbox.clearFaults();
  }

  @Test
  void a_damaged_refresh_token_is_found_again_at_wechat() {
    damageToken("refresh_token");

    tokensFallDue();

    authorizer(merchant, "FRESH");
    authorizer(other, "FRESH");
    assertThat(counted("authorizer.refresh_token")).isPositive();
  }

  @Test
  void a_damaged_access_token_is_replaced_when_it_is_needed() {
    damageToken("access_token");

    scene.order(merchant, "order-1").statusCode(201);

    authorizer(merchant, "FRESH");
  }

  @Test
  void what_nobody_knows_any_more_is_set_aside_and_the_merchant_not_given_up() {
    byte[] sound = tokenColumn("refresh_token");
    damageToken("refresh_token");
    String sets = "/authorization_info/authorizer_refresh_token";
    scene.fault(
        COMPONENT + "api_get_authorizer_info",
        Map.of("kind", "answer", "remove", List.of(sets)),
        9);
    scene.fault(
        COMPONENT + "api_get_authorizer_list",
        Map.of("kind", "answer", "set", Map.of("list", List.of())),
        9);

    tokensFallDue();

    authorizer(other, "FRESH");
    authorizer(merchant, "FAILING");
    scene
        .get("/api/v1/authorizers/" + merchant)
        .body("status", equalTo("ACTIVE"))
        .body("token.last_error.code", equalTo("unseal_failed"));

    // The row is restored from a backup.
    update(
        "update authorizer_token set refresh_token = ? where authorizer_appid = ?",
        sound,
        merchant);
    Time.passes(Duration.ofHours(1));
    OrderScene.runDue();
    authorizer(merchant, "FRESH");
  }

  @Test
  void a_damaged_secret_of_a_platform_stops_no_other_platform_and_is_mended_by_sending_it_again() {
    OrderScene another = OrderScene.open();
    damageComponent("component_appsecret");

    Time.passes(Duration.ofMinutes(110));
    OrderScene.runDue();

    another.get("/api/v1/provider").body("component_token.state", equalTo("FRESH"));
    scene
        .get("/api/v1/provider")
        .body("component_token.state", equalTo("FAILING"))
        .body("component_token.last_error.code", equalTo("unseal_failed"));

    OrderScene.asOperator()
        .body(Map.of("component_appsecret", scene.app.appsecret()))
        .patch("/api/v1/providers/" + scene.app.appid())
        .then()
        .statusCode(200);
    Time.passes(Duration.ofMinutes(10));
    OrderScene.runDue();
    scene
        .get("/api/v1/provider")
        .body("component_token.state", equalTo("FRESH"))
        .body("component_token.last_error", nullValue());
  }

  @Test
  void a_platform_that_misses_its_ticket_and_whose_secret_is_damaged_stops_no_other() {
    damageComponent("component_appsecret");
    stopPushingTickets();
    Time.passes(Duration.ofHours(2));

    OrderScene.runDue();

    scene.get("/api/v1/provider").body("ticket.last_error.code", equalTo("unseal_failed"));
  }

  @Test
  void damaged_ticket_and_token_of_a_platform_come_again() {
    damageComponent("access_token");
    scene.order(merchant, "order-1").statusCode(201);
    scene
        .asProvider()
        .post("/api/v1/authorizers/" + merchant + "/token/refresh")
        .then()
        .statusCode(200);

    damageComponent("verify_ticket");
    stopPushingTickets();
    Time.passes(Duration.ofMinutes(110));
    // What other tests left may be due before it.
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(
            () -> {
              OrderScene.runDue("component-token");
              scene
                  .get("/api/v1/provider")
                  .body("component_token.last_error.code", equalTo("ticket_missing"));
            });
    scene.sandbox.pushTicket(scene.app.appid());
    await()
        .atMost(Duration.ofMinutes(2))
        .untilAsserted(
            () -> {
              OrderScene.runDue("callback-inbox");
              OrderScene.runDue("component-token");
              scene.get("/api/v1/provider").body("component_token.state", equalTo("FRESH"));
            });
  }

  @Test
  void a_damaged_push_is_set_aside_and_the_others_are_handled() {
    scene.sandbox.pushTicket(scene.app.appid());
    update(
        "update callback_inbox set body = ? where handled_at is null and provider_id ="
            + " (select id from provider where component_appid = ?)",
        new byte[40],
        scene.app.appid());
    String late = scene.merchant();

    authorizer(late, "FRESH");
    assertThat(counted("callback.body")).isPositive();
    assertThat(pushes("last_error ->> 'code' = 'unseal_failed' and handled_at is null"))
        .isPositive();

    Time.passes(Duration.ofHours(13));
    await()
        .until(
            () -> {
              OrderScene.runDue();
              return pushes("outcome = 'unreadable'") > 0;
            });
    assertThat(pushes("last_error ->> 'code' = 'unseal_failed' and handled_at is null")).isZero();
  }

  private void stopPushingTickets() {
    scene.sandbox.stopTickets(scene.app.appid());
  }

  private void tokensFallDue() {
    Time.passes(Duration.ofMinutes(110));
    scene.sandbox.pushTicket(scene.app.appid());
    OrderScene.runDue();
  }

  private void authorizer(String appid, String state) {
    scene.get("/api/v1/authorizers/" + appid).statusCode(200).body("token.state", equalTo(state));
  }

  private void damageToken(String column) {
    update(
        "update authorizer_token set " + column + " = ? where authorizer_appid = ?",
        new byte[40],
        merchant);
  }

  private void damageComponent(String column) {
    update(
        "update component set "
            + column
            + " = ? where provider_id = (select id from provider where component_appid = ?)",
        new byte[40],
        scene.app.appid());
  }

  private byte[] tokenColumn(String column) {
    return database.transaction(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "select " + column + " from authorizer_token where authorizer_appid = ?")) {
            select.setString(1, merchant);
            try (ResultSet row = select.executeQuery()) {
              row.next();
              return row.getBytes(1);
            }
          }
        });
  }

  private long pushes(String condition) {
    return database.transaction(
        connection -> {
          try (PreparedStatement select =
              connection.prepareStatement(
                  "select count(*) from callback_inbox where "
                      + condition
                      + " and provider_id = (select id from provider where component_appid = ?)")) {
            select.setString(1, scene.app.appid());
            try (ResultSet row = select.executeQuery()) {
              row.next();
              return row.getLong(1);
            }
          }
        });
  }

  private void update(String statement, Object... parameters) {
    database.transaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(statement)) {
            for (int i = 0; i < parameters.length; i++) {
              update.setObject(i + 1, parameters[i]);
            }
            return update.executeUpdate();
          }
        });
  }

  private double counted(String purpose) {
    return metrics.get("yima_unseal_failures").tag("purpose", purpose).counter().count();
  }
}
