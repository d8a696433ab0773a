package io.yima.lookups;

import static io.yima.activations.ActivationScene.body;
import static io.yima.codes.OrderScene.errcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.ValidatableResponse;
import io.yima.activations.ActivationScene;
import io.yima.codes.OrderScene;
import io.yima.database.WorkerDatabase;
import io.yima.sandbox.PrintedCodes;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.sql.PreparedStatement;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What WeChat tells about one code. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class CodeLookupTest {

  private static final String EXCHANGE = "/intp/marketcode/tickettocode";
  private static final String OPENID = "oLVPpjqs9BhvzwPj5A-vTYAX3GLc";

  @Inject WorkerDatabase database;

  private ActivationScene scene;
  private long applicationId;

  @BeforeEach
  void open() {
    scene = ActivationScene.open();
    scene.finished("order-1", 100_000);
    applicationId =
        scene
            .orders
            .application(scene.merchant, "order-1")
            .extract()
            .jsonPath()
            .getLong("application_id");
    scene.activate("order-1", body(0, 60_000)).statusCode(201);
  }

  @AfterEach
  void mend() {
    scene.orders.sandbox.settings(Map.of("inactive_code", "empty"));
    scene.orders.sandbox.clearFaults();
  }

  @Test
  void a_code_is_found_by_its_place_its_text_and_what_is_printed() {
    String code =
        scene
            .lookUp(Map.of("isv_application_id", "order-1", "code_index", 0))
            .statusCode(200)
            .body("code_index", equalTo(0))
            .body("activated", equalTo(true))
            .body("activity_name", equalTo("春茶季"))
            .body("product_code", equalTo(ActivationScene.PRODUCT_CODE))
            .body("wxa_type", equalTo(0))
            .body("code_start", equalTo(0))
            .body("code_end", equalTo(49_999))
            .body("range.code_end", equalTo(49_999))
            .extract()
            .path("code");

    for (Map<String, Object> reference :
        List.<Map<String, Object>>of(
            Map.of("application_id", applicationId, "code_index", 0),
            Map.of("code", code),
            Map.of("code_url", PrintedCodes.url(applicationId, 0)))) {
      scene
          .lookUp(reference)
          .statusCode(200)
          .body("code", equalTo(code))
          .body("isv_application_id", equalTo("order-1"))
          .body("application_id", equalTo(applicationId))
          .body("activated", equalTo(true));
    }
  }

  @Test
  void a_code_whose_package_is_stored_is_told_with_its_place_and_range() {
    scene.stored();
    String code =
        scene
            .lookUp(Map.of("isv_application_id", "order-1", "code_index", 55_555))
            .extract()
            .path("code");

    for (Map<String, Object> reference :
        List.<Map<String, Object>>of(
            Map.of("code", code), Map.of("code_url", PrintedCodes.url(applicationId, 55_555)))) {
      scene
          .lookUp(reference)
          .statusCode(200)
          .body("code_index", equalTo(55_555))
          .body("range.code_start", equalTo(50_000));
    }
    exchange(OPENID, scan(OPENID, 55_555))
        .statusCode(200)
        .body("code_index", equalTo(55_555))
        .body("range.code_start", equalTo(50_000));
  }

  @Test
  void a_code_that_is_not_bound_is_told_as_such_or_refused_as_wechat_does() {
    scene
        .lookUp(Map.of("isv_application_id", "order-1", "code_index", 60_001))
        .statusCode(200)
        .body("activated", equalTo(false))
        .body("code", notNullValue())
        .body("wxa_path", nullValue());

    scene.orders.sandbox.settings(Map.of("inactive_code", "error"));
    scene
        .lookUp(Map.of("isv_application_id", "order-1", "code_index", 60_001))
        .statusCode(422)
        .body("code", equalTo("wechat_refused"))
        .body("wechat.errcode", equalTo(40097));
  }

  @Test
  void a_scan_s_ticket_is_exchanged_for_its_code() {
    String code =
        scene
            .lookUp(Map.of("isv_application_id", "order-1", "code_index", 0))
            .extract()
            .path("code");

    exchange(OPENID, scan(OPENID, 0))
        .statusCode(200)
        .body("code", equalTo(code))
        .body("isv_application_id", equalTo("order-1"))
        .body("activity_name", equalTo("春茶季"))
        .body("code_end", equalTo(49_999));
  }

  @Test
  void an_index_is_told_only_where_a_stored_row_has_the_code() {
    scene.stored();
    String code =
        scene
            .lookUp(Map.of("isv_application_id", "order-1", "code_index", 7))
            .extract()
            .path("code");
    int tried = 0;
    for (Map<String, Object> odd :
        List.<Map<String, Object>>of(
            Map.of("application_id", 999_999_999_999L),
            Map.of("code", "8"),
            Map.of("code", "000000007"),
            Map.of("code", ""),
            Map.of("code", code + "\tx"),
            Map.of("code_start", 8, "code_end", 7),
            Map.of("code_start", 100_000, "code_end", 100_001),
            Map.of("code_start", 8, "code_end", 9),
            Map.of("code_start", Long.MAX_VALUE, "code_end", Long.MAX_VALUE))) {
      Map<String, Object> answer = new HashMap<>();
      answer.put("errcode", 0);
      answer.put("application_id", applicationId);
      answer.put("code", code);
      answer.put("code_start", 0);
      answer.put("code_end", 49_999);
      answer.putAll(odd);
      scene.fails(EXCHANGE, Map.of("kind", "answer", "body", json(answer)), 1);
      exchange(OPENID, "any-ticket").statusCode(200).body("code_index", nullValue());
      tried++;
    }
    for (Map<String, Object> sparse :
        List.<Map<String, Object>>of(
            Map.of("application_id", applicationId),
            Map.of("isv_application_id", "order-1"),
            Map.of("application_id", applicationId, "code_end", Long.MAX_VALUE))) {
      Map<String, Object> answer = new HashMap<>(sparse);
      answer.put("code", code);
      scene.fails(EXCHANGE, Map.of("kind", "answer", "body", json(answer)), 1);
      exchange(OPENID, "any-ticket").statusCode(200).body("code_index", equalTo(7));
      tried++;
    }
    Robustness.row(
        "Activations",
        "codes that WeChat tells of with odd, foreign or missing applications, ranges and texts",
        tried,
        "answered; an index only where a stored row of the merchant has the code");
  }

  private static String json(Map<String, Object> answer) {
    try {
      return new JsonMapper().writeValueAsString(answer);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** A ticket may be good for one exchange only. */
  @Test
  void a_scan_is_answered_although_its_package_cannot_be_read() {
    scene.stored();
    elsewhere();

    exchange(OPENID, scan(OPENID, 50_123))
        .statusCode(200)
        .body("code", notNullValue())
        .body("isv_application_id", equalTo("order-1"))
        .body("code_index", nullValue());
  }

  private void elsewhere() {
    database.transaction(
        connection -> {
          try (PreparedStatement update =
              connection.prepareStatement(
                  "update code_package set place = 'elsewhere'"
                      + " where provider_id = ? and authorizer_appid = ?")) {
            update.setObject(1, scene.orders.provider().value());
            update.setString(2, scene.merchant);
            return update.executeUpdate();
          }
        });
  }

  /** One number for both: only the words differ. */
  @Test
  void a_wrong_openid_and_a_wrong_ticket_are_told_apart() {
    String ticket = scan(OPENID, 5);
    String others = scan("oSomebodyElse", 6);

    exchange("oNobody", ticket)
        .statusCode(422)
        .body("code", equalTo("openid_invalid"))
        .body("wechat.errcode", equalTo(40097));
    exchange(OPENID, "b2a2f1c0d3e4958677a8b9cadbecfd0e")
        .statusCode(422)
        .body("code", equalTo("code_ticket_invalid"))
        .body("wechat.errcode", equalTo(40097));
    exchange(OPENID, others).statusCode(422).body("code", equalTo("code_ticket_invalid"));
    scene.fails(EXCHANGE, errcode(40003), 1);
    exchange("oNobody", ticket).statusCode(422).body("code", equalTo("openid_invalid"));
    Map<String, Object> wordless = new HashMap<>(errcode(40097));
    wordless.put("errmsg", "invalid args");
    scene.fails(EXCHANGE, wordless, 1);
    exchange(OPENID, ticket).statusCode(422).body("code", equalTo("wechat_refused"));
  }

  @Test
  void what_wechat_says_never_quotes_the_ticket_back() {
    String ticket = scan(OPENID, 7);
    Map<String, Object> quoting = new HashMap<>(errcode(40097));
    quoting.put("errmsg", "invalid code_ticket " + ticket + " of " + OPENID);
    scene.fails(EXCHANGE, quoting, 1);

    String answer = exchange(OPENID, ticket).statusCode(422).extract().asString();

    assertThat(answer).doesNotContain(ticket).doesNotContain(OPENID).contains("[secret]");
  }

  /** WeChat does not say whether a ticket is good for two exchanges. */
  @Test
  void the_first_answer_is_kept_for_a_repetition_with_an_idempotency_key() {
    String ticket = scan(OPENID, 8);
    String code = keyed(ticket).statusCode(200).extract().path("code");
    scene.fails(EXCHANGE, errcode(40097), 1);

    keyed(ticket)
        .statusCode(200)
        .header("Idempotency-Replayed", "true")
        .body("code", equalTo(code));
  }

  private ValidatableResponse keyed(String ticket) {
    return scene
        .orders
        .asProvider()
        .header("Idempotency-Key", "scan-8")
        .body(Map.of("openid", OPENID, "code_ticket", ticket))
        .post(tickets())
        .then();
  }

  @Test
  void what_names_no_code_is_refused_before_wechat_is_asked() {
    int tried = 0;
    for (Map<String, Object> bad :
        List.<Map<String, Object>>of(
            Map.of(),
            Map.of("code_index", 0),
            Map.of("isv_application_id", "order-1"),
            Map.of("application_id", applicationId),
            Map.of("application_id", 0, "code_index", 0),
            Map.of("application_id", applicationId, "code_index", -1),
            Map.of("isv_application_id", "order-1", "code_index", 100_000),
            Map.of("isv_application_id", " ", "code_index", 0),
            Map.of(
                "isv_application_id", "order-1", "application_id", applicationId, "code_index", 0),
            Map.of("code", "044GZ*J10", "code_url", "P.URL.CN/0U.JYJXP3HJI2C98A9O"),
            Map.of("code", ""),
            Map.of("code", "x".repeat(17)),
            Map.of("code_url", "a\u0000b"))) {
      scene.lookUp(bad).statusCode(422).body("code", equalTo("invalid"));
      tried++;
    }
    scene
        .lookUp(Map.of("isv_application_id", "order-1", "code_index", "0"))
        .statusCode(400)
        .body("errors.field", hasItem("code_index"));
    scene.lookUp(Map.of("isv_application_id", "order-2", "code_index", 0)).statusCode(404);
    for (Map<String, Object> bad :
        List.<Map<String, Object>>of(
            Map.of(),
            Map.of("openid", OPENID),
            Map.of("code_ticket", "x"),
            Map.of("openid", "", "code_ticket", "x"),
            Map.of("openid", OPENID, "code_ticket", "x".repeat(257)))) {
      scene.orders.asProvider().body(bad).post(tickets()).then().statusCode(422);
      tried++;
    }
    Robustness.row(
        "Activations",
        "look-ups and exchanges that name no code, two, or what cannot be one",
        tried + 2,
        "400, 404 or 422 naming the field, WeChat not asked");
  }

  @Test
  void what_wechat_does_not_tell_has_a_problem_of_its_own() {
    Map<String, Object> reference = Map.of("isv_application_id", "order-1", "code_index", 0);
    failing(errcode(48001), reference).statusCode(422).body("code", equalTo("wechat_refused"));
    failing(errcode(45011), reference)
        .statusCode(429)
        .header("Retry-After", notNullValue())
        .body("code", equalTo("wechat_rate_limited"));
    failing(Map.of("kind", "reset"), reference)
        .statusCode(503)
        .body("code", equalTo("wechat_unavailable"));
    failing(errcode(45009), reference)
        .statusCode(429)
        .body("code", equalTo("quota_exhausted"))
        .body("wechat.errcode", equalTo(45009));
    scene.lookUp(reference).statusCode(429).body("code", equalTo("quota_exhausted"));
  }

  private ValidatableResponse failing(Map<String, ?> how, Map<String, Object> reference) {
    scene.orders.sandbox.clearFaults();
    scene.fails(ActivationScene.QUERY, how, 1);
    return scene.lookUp(reference);
  }

  @Test
  void another_providers_merchant_is_not_asked_about() {
    OrderScene stranger = OrderScene.open();

    stranger
        .asProvider()
        .body(Map.of("isv_application_id", "order-1", "code_index", 0))
        .post("/api/v1/authorizers/" + scene.merchant + "/code-lookups")
        .then()
        .statusCode(404);
    stranger
        .asProvider()
        .body(Map.of("openid", OPENID, "code_ticket", scan(OPENID, 9)))
        .post(tickets())
        .then()
        .statusCode(404);
  }

  private String scan(String openid, long codeIndex) {
    return scene
        .orders
        .sandbox
        .control(
            "POST",
            "code-tickets",
            Map.of("application_id", applicationId, "code_index", codeIndex, "openid", openid))
        .getString("code_ticket");
  }

  private ValidatableResponse exchange(String openid, String ticket) {
    return scene
        .orders
        .asProvider()
        .body(Map.of("openid", openid, "code_ticket", ticket))
        .post(tickets())
        .then();
  }

  private String tickets() {
    return "/api/v1/authorizers/" + scene.merchant + "/code-tickets";
  }
}
