package io.yima.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.InstanceOfAssertFactories.LIST;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.path.json.JsonPath;
import io.yima.codes.OrderScene;
import io.yima.secrets.Secret;
import io.yima.testsupport.Time;
import io.yima.testsupport.YimaTestResource;
import io.yima.wechat.EncryptedCodes;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import me.chanjar.weixin.common.error.WxErrorException;
import me.chanjar.weixin.common.error.WxRuntimeException;
import me.chanjar.weixin.mp.api.WxMpService;
import me.chanjar.weixin.mp.api.impl.WxMpServiceImpl;
import me.chanjar.weixin.mp.config.WxMpHostConfig;
import me.chanjar.weixin.mp.config.impl.WxMpDefaultConfigImpl;
import me.chanjar.weixin.mp.enums.WxMpApiUrl;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * The most used SDK as it is published, of which nothing is changed but its host: it has no calls
 * for marketing codes, so its generic post makes them, as its users do.
 */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class SdkTest {

  private static final WxMpApiUrl APPLY = at("/intp/marketcode/applycode");
  private static final WxMpApiUrl QUERY = at("/intp/marketcode/applycodequery");
  private static final WxMpApiUrl DOWNLOAD = at("/intp/marketcode/applycodedownload");
  private static final WxMpApiUrl ACTIVATE = at("/intp/marketcode/codeactive");
  private static final WxMpApiUrl ACTIVATED = at("/intp/marketcode/codeactivequery");
  private static final WxMpApiUrl TICKET = at("/intp/marketcode/tickettocode");
  private static final WxMpApiUrl QUOTA = at("/cgi-bin/openapi/quota/get");

  private GatewayScene scene;

  @BeforeEach
  void open() {
    scene = new GatewayScene();
  }

  @Test
  void an_order_of_the_sdk_is_an_order_in_the_ledger_and_is_followed_to_its_end() throws Exception {
    WxMpService sdk = sdk(scene.key, false);
    scene.orders.sandbox.settings(Map.of("init_time", "PT0S", "processing_time", "PT0S"));

    JsonPath applied = new JsonPath(sdk.post(APPLY, GatewayScene.order("tea-1")));
    JsonPath again = new JsonPath(sdk.post(APPLY, GatewayScene.order("tea-1")));

    assertThat(applied.getInt("errcode")).isZero();
    long id = applied.getLong("application_id");
    assertThat(again.getLong("application_id")).isEqualTo(id);
    assertThat(scene.applications()).hasSize(1);
    scene
        .orders
        .application(scene.merchant, "tea-1")
        .body("state", equalTo("SUBMITTED"))
        .body("application_id", equalTo(id))
        .body("code_count", equalTo(10_000));
    JsonPath finished = new JsonPath(sdk.post(QUERY, "{\"application_id\":\"%d\"}".formatted(id)));
    assertThat(finished.getString("status")).isEqualTo("FINISH");
    assertThat(finished.getLong("code_generate_list[0].code_start")).isZero();
    assertThat(finished.getString("isv_application_id")).isEqualTo("tea-1");
    scene.orders.application(scene.merchant, "tea-1").body("state", equalTo("FINISHED"));
  }

  /** The whole life of a batch, by the SDK alone. */
  @Test
  void codes_are_ordered_fetched_bound_looked_up_and_scanned_by_the_sdk() throws Exception {
    WxMpService sdk = sdk(scene.key, false);
    long id = new JsonPath(sdk.post(APPLY, GatewayScene.order("tea-1"))).getLong("application_id");
    Time.passes(Duration.ofMinutes(20));
    JsonPath status = new JsonPath(sdk.post(QUERY, "{\"isv_application_id\":\"tea-1\"}"));
    long last = status.getLong("code_generate_list[0].code_end");

    String codes =
        new JsonPath(sdk.post(DOWNLOAD, GatewayScene.range(id, 0, last))).getString("buffer");
    String bound = sdk.post(ACTIVATE, GatewayScene.activation(id, 0, last));
    String again = sdk.post(ACTIVATE, GatewayScene.activation(id, 0, last));
    JsonPath asked =
        new JsonPath(sdk.post(ACTIVATED, "{\"application_id\":%d,\"code_index\":0}".formatted(id)));
    JsonPath scanned =
        new JsonPath(
            sdk.post(
                TICKET,
                GatewayScene.json(
                    Map.of("openid", "o-1", "code_ticket", scene.ticket(id, 0, "o-1")))));

    String key = scene.orders.sandbox.account(scene.merchant).getString("code_key");
    assertThat(new EncryptedCodes(codes).open(Secret.of(key)))
        .isInstanceOf(EncryptedCodes.Opened.Text.class);
    assertThat(bound).isEqualTo("{\"errcode\":0,\"errmsg\":\"ok\"}").isEqualTo(again);
    assertThat(asked.getString("activity_name")).isEqualTo("春茶季");
    assertThat(asked.getString("wxa_path")).isEqualTo("pages/scan/index");
    assertThat(scanned.getString("code")).isEqualTo(asked.getString("code"));
    assertThat(scanned.getLong("code_end")).isEqualTo(last);
    scene
        .orders
        .get(OrderScene.application(scene.merchant, "tea-1", "/activations"))
        .body("items.state", equalTo(List.of("ACTIVATED")));
  }

  @Test
  void the_stable_token_and_the_plain_one_serve_alike() throws Exception {
    assertThat(sdk(scene.key, true).post(APPLY, GatewayScene.order("a"))).contains("\"errcode\":0");
    assertThat(sdk(scene.key, false).post(APPLY, GatewayScene.order("b")))
        .contains("\"errcode\":0");
  }

  @Test
  void what_wechat_refuses_the_sdk_is_told_in_wechats_numbers() {
    WxMpService sdk = sdk(scene.key, false);
    scene.orders.applyFails(OrderScene.errcode(45009), 1);
    scene.orders.fault("/intp/marketcode/tickettocode", OrderScene.errcode(40097), 1);

    assertThat(errcode(sdk, APPLY, GatewayScene.order("quota"))).isEqualTo(45009);
    assertThat(errcode(sdk, APPLY, "{\"code_count\":9,\"isv_application_id\":\"x\"}"))
        .isEqualTo(40002);
    assertThat(errcode(sdk, QUERY, "{\"application_id\":1}")).isEqualTo(40097);
    assertThat(errcode(sdk, TICKET, "{\"openid\":\"o\",\"code_ticket\":\"t\"}")).isEqualTo(40097);
  }

  @Test
  void an_outcome_that_is_not_known_is_tried_again_by_the_sdk_and_ordered_once() throws Exception {
    WxMpService sdk = sdk(scene.key, false);
    sdk.getAccessToken();
    scene.orders.applyFails(Map.of("kind", "lost_answer"), 1);

    JsonPath applied = retried(sdk, APPLY, GatewayScene.order("lost"));

    assertThat(applied.getLong("application_id")).isPositive();
    assertThat(scene.applications()).hasSize(1);
  }

  /** The SDK tries again by itself whatever is -1; it never sees that an answer got lost. */
  @Test
  void answers_that_get_lost_are_made_good_by_the_sdks_own_tries() throws Exception {
    WxMpService sdk = sdk(scene.key, false);
    long id = scene.finished("tea-1", 10_000);
    sdk.getAccessToken();
    Map<WxMpApiUrl, String> calls = new LinkedHashMap<>();
    calls.put(ACTIVATE, GatewayScene.activation(id, 0, 9));
    calls.put(ACTIVATED, "{\"application_id\":%d,\"code_index\":0}".formatted(id));
    calls.put(DOWNLOAD, GatewayScene.range(id, 0, 9));
    calls.put(QUERY, "{\"application_id\":" + id + "}");
    for (Map.Entry<WxMpApiUrl, String> call : calls.entrySet()) {
      scene.fails(((Url) call.getKey()).getPath(), Map.of("kind", "lost_answer"));

      String answer = sdk.post(call.getKey(), call.getValue());

      assertThat(new JsonPath(answer).getInt("errcode")).isZero();
    }
    scene.fails(((Url) TICKET).getPath(), Map.of("kind", "lost_answer"));
    assertThat(
            sdk.post(
                TICKET,
                GatewayScene.json(
                    Map.of("openid", "o-1", "code_ticket", scene.ticket(id, 0, "o-1")))))
        .contains("春茶季");
    assertThat(scene.applications().getFirst().get("bound")).asInstanceOf(LIST).hasSize(1);
  }

  @Test
  void nonsense_and_a_foreign_merchants_key_have_wechats_numbers_at_all_six() {
    WxMpService sdk = sdk(scene.key, false);
    WxMpService stranger = sdk(new GatewayScene().key, false);
    for (WxMpApiUrl url : List.of(APPLY, QUERY, DOWNLOAD, ACTIVATE, ACTIVATED, TICKET)) {
      assertThat(errcode(sdk, url, "{\"a\":")).isEqualTo(47001);
      assertThat(errcode(sdk, url, "{\"application_id\":true,\"code_count\":{}}")).isEqualTo(47001);
      assertThat(errcode(stranger, url, "{}")).isEqualTo(40001);
    }
  }

  @Test
  void a_path_that_the_setting_names_is_passed_on() throws Exception {
    String answer =
        sdk(scene.key, false).post(QUOTA, "{\"cgi_path\":\"/intp/marketcode/applycode\"}");

    assertThat(new JsonPath(answer).getLong("quota.daily_limit")).isPositive();
  }

  @Test
  void a_revoked_key_ends_the_sdks_token_at_once() throws Exception {
    JsonPath made = scene.makeKey(Map.of("name", "gone", "scopes", new String[] {"gateway"}));
    WxMpService sdk = sdk(made.getString("key"), false);
    sdk.post(APPLY, GatewayScene.order("before"));

    scene.revoke(made.getString("id"));

    assertThat(errcode(sdk, APPLY, GatewayScene.order("after"))).isEqualTo(40001);
    assertThat(scene.applications()).hasSize(1);
  }

  /** The SDK tries -1 again by itself; what it gives up for, the loop has done the next time. */
  private static JsonPath retried(WxMpService sdk, WxMpApiUrl url, String body) throws Exception {
    assertThatThrownBy(() -> sdk.post(url, body)).isInstanceOf(WxRuntimeException.class);
    OrderScene.runDue();
    return new JsonPath(sdk.post(url, body));
  }

  private static int errcode(WxMpService sdk, WxMpApiUrl url, String body) {
    return catchThrowableOfType(WxErrorException.class, () -> sdk.post(url, body))
        .getError()
        .getErrorCode();
  }

  private WxMpService sdk(String key, boolean stable) {
    String host = "http://localhost:" + RestAssured.port + "/gateway/" + scene.merchant;
    WxMpDefaultConfigImpl config = new WxMpDefaultConfigImpl();
    config.setAppId(scene.merchant);
    config.setSecret(key);
    config.useStableAccessToken(stable);
    config.setHostConfig(new WxMpHostConfig(host, host, host));
    WxMpService sdk = new WxMpServiceImpl();
    sdk.setWxMpConfigStorage(config);
    sdk.setRetrySleepMillis(1);
    sdk.setMaxRetryTimes(2);
    return sdk;
  }

  private static WxMpApiUrl at(String path) {
    return new Url(WxMpHostConfig.API_DEFAULT_HOST_URL, path);
  }

  /** An interface of WeChat's as the SDK knows its own: the host comes from the setting. */
  private record Url(String getPrefix, String getPath) implements WxMpApiUrl {}
}
