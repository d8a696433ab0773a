package io.yima.codes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.arc.Arc;
import io.quarkus.arc.InstanceHandle;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.secrets.Secret;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import io.yima.wechat.AppliedCode;
import io.yima.wechat.Deadline;
import io.yima.wechat.Urgency;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatResult;
import io.yima.work.DueWork;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of orders while WeChat is down, and this node knows it. */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class OrderInOutageTest {

  @Inject WeChatClient wechat;

  private OrderScene scene;

  @BeforeEach
  void open() {
    scene = OrderScene.open();
  }

  @AfterEach
  void mend() {
    scene.sandbox.clearFaults();
    await()
        .atMost(Duration.ofSeconds(30))
        .until(
            () -> {
              call();
              return wechat.capacity(Urgency.EXPIRED) > 3;
            });
  }

  @Test
  void an_order_is_kept_and_answered_at_once_and_sent_when_wechat_is_back() {
    String merchant = scene.merchant();
    AtomicInteger orders = new AtomicInteger();
    // On a slow machine WeChat may be tried again between the failures and the order.
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () -> {
              wechatFails();
              scene
                  .order(merchant, "order-" + orders.incrementAndGet())
                  .statusCode(202)
                  .body("state", equalTo("SUBMITTING"))
                  .body("last_error.code", equalTo("unavailable"))
                  .body("last_error.errmsg", containsString("held back"));
            });
    assertThat(scene.sandbox.applications(merchant)).isEmpty();

    mend();
    Time.passes(Duration.ofMinutes(1));
    OrderScene.syncDue();

    scene
        .application(merchant, "order-" + orders.get())
        .body("state", equalTo("SUBMITTED"))
        .body("last_error", nullValue());
  }

  @Test
  void while_calls_are_held_back_nothing_that_calls_wechat_is_claimed() {
    await()
        .atMost(Duration.ofMinutes(1))
        .untilAsserted(
            () -> {
              wechatFails();
              assertThat(Arc.container().listAll(DueWork.class))
                  .extracting(InstanceHandle::get)
                  .filteredOn(work -> work.concurrency() == 0)
                  .extracting(DueWork::kind)
                  .contains(
                      "token-refresh",
                      "component-token",
                      "ticket-watch",
                      "reconcile",
                      "application-sync");
            });
  }

  private void wechatFails() {
    // For everybody: the scene's own faults strike its provider alone.
    scene.sandbox.fault(
        Map.of(
            "path", "/intp/marketcode/applycode", "kind", "http", "status", 503, "times", 1_000));
    while (wechat.capacity(Urgency.INTERACTIVE) > 0) {
      call();
    }
  }

  private WeChatResult<AppliedCode> call() {
    return wechat.applyCode(
        Secret.of("nobody's token"),
        10_000,
        "probe",
        Deadline.in(Duration.ofSeconds(5), Urgency.INTERACTIVE));
  }
}
