package io.yima.codes;

import static io.yima.codes.OrderScene.errcode;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What each of WeChat's error numbers makes of an order [ERR], [ERR2], [TROUBLE], [M1]. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OrderNumbersTest {

  @Inject Clock clock;

  private OrderScene scene;
  private String merchant;

  @BeforeEach
  void openOnce() {
    if (scene == null) {
      scene = OrderScene.open();
      merchant = scene.merchant();
    }
  }

  @AfterEach
  void mend() {
    scene.sandbox.clearFaults();
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 40091, 61005, 61006})
  void passes_by_itself(int errcode) {
    String id = "passes " + errcode;
    scene.applyFails(errcode(errcode), 1);

    scene
        .order(merchant, id)
        .statusCode(202)
        .body("state", equalTo("SUBMITTING"))
        .body("stuck", equalTo(false))
        .body("last_error.errcode", equalTo(errcode));
    assertThat(wait(id)).isLessThanOrEqualTo(Duration.ofSeconds(5));
    isSentLater(id);
  }

  @Test
  void waits_for_a_pause_of_the_merchant_s_calls() {
    String slowed = scene.merchant();
    scene.applyFails(errcode(45011), 1);

    scene
        .order(slowed, "order-1")
        .statusCode(202)
        .body("state", equalTo("SUBMITTING"))
        .body("stuck", equalTo(false))
        .body("last_error.errcode", equalTo(45011));
    scene.order(slowed, "order-2").statusCode(201);
    scene.order(slowed, "order-1").statusCode(202);
    OrderScene.syncDue();
    scene.application(slowed, "order-1").body("state", equalTo("SUBMITTING"));
    Time.passes(Duration.ofMinutes(2));
    OrderScene.syncDue();
    scene
        .application(slowed, "order-1")
        .body("state", equalTo("SUBMITTED"))
        .body("last_error", nullValue());
  }

  @ParameterizedTest
  @ValueSource(ints = {40001, 40014, 42001, 42006})
  void asks_for_one_fresh_token(int errcode) {
    scene.applyFails(errcode(errcode), 1);
    scene.order(merchant, "once " + errcode).statusCode(201);

    String id = "twice " + errcode;
    scene.applyFails(errcode(errcode), 2);
    scene
        .order(merchant, id)
        .statusCode(202)
        .body("state", equalTo("SUBMITTING"))
        .body("stuck", equalTo(false))
        .body("last_error.errcode", equalTo(errcode));
    isSentLater(id);
  }

  @ParameterizedTest
  @ValueSource(ints = {45009, 48006})
  void waits_for_the_next_day(int errcode) {
    String parked = scene.merchant();
    scene.applyFails(errcode(errcode), 1);

    scene
        .order(parked, "order-1")
        .statusCode(202)
        .body("state", equalTo("SUBMITTING"))
        .body("stuck", equalTo(false))
        .body("last_error.code", equalTo("quota_exhausted"))
        .body("last_error.remedy", notNullValue());
    scene.order(parked, "order-2").statusCode(429).header("Retry-After", notNullValue());
  }

  /** Those of the contract first, then all others we know, then some that nobody does. */
  @ParameterizedTest
  @ValueSource(
      ints = {
        61004, 40164, 48001, 48004, 50002, 61003, 61007, 61016, 61017, 61028, 40013, 40090, 40094,
        40097, 40125, 40170, 41001, 41002, 41004, 41018, 42002, 42007, 45035, 49001, 61000, 61001,
        61002, 61008, 61009, 61010, 61011, 61012, 61013, 61014, 61015, 61018, 61019, 61020, 61021,
        61022, 61023, 61024, 61025, 61026, 61027, 61029, 61030, 76001, 76002, 76003, 76021, 76022,
        89503, 1, -2, 40003, 42999, 44000, 9402202, 987_654, Integer.MAX_VALUE, Integer.MIN_VALUE
      })
  void is_a_persons_business_and_never_final(int errcode) {
    String id = "blocked " + errcode;
    scene.applyFails(errcode(errcode), 1);

    scene
        .order(merchant, id)
        .statusCode(202)
        .body("state", equalTo("SUBMITTING"))
        .body("application_id", nullValue())
        .body("stuck", equalTo(true))
        .body("last_error.errcode", equalTo(errcode))
        .body("last_error.rid", equalTo("6-abc-def"))
        .body("last_error.remedy", notNullValue());
    assertThat(wait(id)).isBetween(Duration.ofMinutes(53), Duration.ofHours(1));
    isSentLater(id);
  }

  @ParameterizedTest
  @ValueSource(ints = {40002, 43001, 43002, 43003, 43004, 43101, 43999, 44002, 47001})
  void refuses_the_request_itself(int errcode) {
    String id = "rejected " + errcode;
    scene.applyFails(errcode(errcode), 1);

    scene
        .order(merchant, id)
        .statusCode(422)
        .body("code", equalTo("wechat_refused"))
        .body("wechat.errcode", equalTo(errcode))
        .body("wechat.rid", equalTo("6-abc-def"));
    scene
        .application(merchant, id)
        .body("state", equalTo("REJECTED"))
        .body("next_sync_at", nullValue());
    scene.order(merchant, id, 30_000).statusCode(201).body("code_count", equalTo(30_000));
    assertThat(scene.history(merchant, id))
        .containsExactly("requested", "rejected", "reopened", "submitted");
  }

  private void isSentLater(String id) {
    scene.order(merchant, id).statusCode(202);
    OrderScene.syncDue();
    scene
        .application(merchant, id)
        .body("state", equalTo("SUBMITTED"))
        .body("stuck", equalTo(false))
        .body("last_error", nullValue());
  }

  private Duration wait(String id) {
    String next = scene.application(merchant, id).extract().path("next_sync_at");
    return Duration.between(clock.instant(), Instant.parse(next));
  }
}
