package io.yima.authorizer;

import static io.yima.authorizer.Merchants.as;
import static io.yima.authorizer.Merchants.path;
import static io.yima.authorizer.Merchants.refreshCalls;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.authorizer.RefreshResult.ReauthorizationRequired;
import io.yima.authorizer.RefreshResult.Refreshed;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.testsupport.ComponentApp;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.Sandbox;
import io.yima.testsupport.SettableClock;
import io.yima.testsupport.YimaTestResource;
import io.yima.wechat.Deadline;
import io.yima.wechat.Urgency;
import io.yima.work.Lease;
import jakarta.inject.Inject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * WeChat gave another refresh token and we never heard of it. Each claim has time for a few calls
 * only; what they brought must not be lost with it.
 */
@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class LostRefreshTokenTest {

  private static final String COMPONENT = "/cgi-bin/component/";
  private static final String REFRESH = COMPONENT + "api_authorizer_token";
  private static final String INFO = COMPONENT + "api_get_authorizer_info";
  private static final String LIST = COMPONENT + "api_get_authorizer_list";

  /** How long WeChat takes for every answer, in milliseconds. */
  private static final int SLOW = 400;

  @Inject Merchants merchants;
  @Inject TokenClaims claims;
  @Inject TokenRenewal renewal;
  @Inject TokenReads reads;
  @Inject SettableClock clock;

  private final Sandbox sandbox = Sandbox.ofThisTest();
  private final ComponentApp app = ComponentApp.unheardOf();
  private AuthorizerId merchant;

  @BeforeEach
  void lose() {
    ProviderId provider = merchants.provider(app);
    merchant = merchants.authorized(provider, app);
    sandbox.settings(Map.of("rotate", "always"));
    fault(REFRESH, Map.of("kind", "lost_answer"), 1);
    as(app).post(path(merchant) + "/token/refresh").then().statusCode(503);
  }

  @AfterEach
  void mend() {
    sandbox.clearFaults();
    sandbox.settings(Map.of("rotate", "off"));
  }

  /** Time for one call a claim, or for two of the three that it takes. */
  @ParameterizedTest
  @ValueSource(ints = {SLOW - 100, 2 * SLOW - 100})
  void it_is_found_again_however_few_calls_fit_into_a_claim(int window) {
    for (String api : List.of(REFRESH, INFO)) {
      fault(api, Map.of("kind", "delay", "delay_ms", SLOW), 99);
    }

    List<RefreshResult> results = renewEachTimeFor(window, 4);

    assertThat(results).last().isInstanceOf(Refreshed.class);
    as(app).get(path(merchant)).then().body("token.state", equalTo("FRESH"));
    Robustness.row(
        "Self-healing",
        "a lost refresh token while WeChat takes so long that a claim has time for "
            + (window < SLOW ? "one call" : "two calls"),
        1,
        "found again: what one claim learnt is the next one's");
  }

  @Test
  void what_one_claim_found_is_due_at_once_and_says_why() {
    for (String api : List.of(REFRESH, INFO)) {
      fault(api, Map.of("kind", "delay", "delay_ms", SLOW), 99);
    }

    renew(2 * SLOW - 100);

    StoredToken stored = reads.current(merchant).orElseThrow();
    assertThat(stored.nextRefreshAt()).isBeforeOrEqualTo(clock.instant());
    as(app).get(path(merchant)).then().body("token.last_error.errcode", equalTo(61023));
  }

  @Test
  void what_wechat_tells_after_a_61003_is_the_first_thing_the_next_claim_tries() {
    fault(REFRESH, Map.of("kind", "errcode", "errcode", 61003), 1);
    fault(INFO, Map.of("kind", "delay", "delay_ms", SLOW), 99);
    renew(SLOW - 100);
    as(app).get(path(merchant)).then().body("token.last_error.errcode", equalTo(61003));
    int before = refreshCalls(app, merchant);

    RefreshResult second = renew(SLOW - 100);

    assertThat(second).isInstanceOf(Refreshed.class);
    assertThat(refreshCalls(app, merchant)).isEqualTo(before + 1);
  }

  @Test
  void a_merchant_who_withdrew_is_known_to_have_although_a_claim_has_time_for_one_call() {
    sandbox.unauthorize(app.appid(), merchant.authorizerAppid(), false);
    for (String api : List.of(REFRESH, INFO)) {
      fault(api, Map.of("kind", "delay", "delay_ms", SLOW), 99);
    }

    RefreshResult first = renew(SLOW - 100);
    RefreshResult second = renew(SLOW - 100);

    assertThat(first).isInstanceOf(RefreshResult.Postponed.class);
    assertThat(second).isInstanceOf(RefreshResult.Revoked.class);
    as(app).get(path(merchant)).then().body("status", equalTo("REVOKED"));
  }

  @Test
  void a_search_of_the_list_goes_on_where_it_was_left() {
    // Two pages of others, and the merchant on the third.
    for (int i = 0; i < 1_100; i++) {
      String stranger = "wx0000%012d".formatted(i);
      sandbox.account(Map.of("appid", stranger));
      sandbox.authorize(app.appid(), stranger, List.of(1), false);
    }
    fault(INFO, answer(List.of("/authorization_info/authorizer_refresh_token")), 99);
    fault(LIST, Map.of("kind", "delay", "delay_ms", SLOW, "appid", app.appid()), 99);

    List<RefreshResult> results = renewEachTimeFor(SLOW - 100, 8);

    assertThat(results).last().isInstanceOf(Refreshed.class);
    as(app).get(path(merchant)).then().body("token.state", equalTo("FRESH"));
    merchants.archive(app);
  }

  @Test
  void only_a_list_that_was_read_to_its_end_gives_a_merchant_up() {
    List<Object> strangers = new ArrayList<>();
    for (int i = 0; i < 500; i++) {
      strangers.add(Map.of("authorizer_appid", "wxstranger%08d".formatted(i)));
    }
    fault(INFO, answer(List.of("/authorization_info/authorizer_refresh_token")), 99);
    Map<String, Object> page =
        Map.of(
            "kind",
            "answer",
            "appid",
            app.appid(),
            "set",
            Map.of("list", strangers, "total_count", 12_501));
    fault(LIST, page, 25);
    fault(LIST, Map.of("kind", "answer", "appid", app.appid(), "set", nobody()), 99);

    RefreshResult first = renew(20_000);
    RefreshResult second = renew(20_000);

    assertThat(first).isInstanceOf(RefreshResult.Postponed.class);
    assertThat(second).isInstanceOf(ReauthorizationRequired.class);
    as(app)
        .get(path(merchant))
        .then()
        .body("status", equalTo("REAUTHORIZATION_REQUIRED"))
        .body("token.last_error.errcode", equalTo(61023));
  }

  /** Claims and renews until something other than a postponement comes of it. */
  private List<RefreshResult> renewEachTimeFor(int window, int most) {
    List<RefreshResult> results = new ArrayList<>();
    do {
      results.add(renew(window));
    } while (results.getLast() instanceof RefreshResult.Postponed && results.size() < most);
    return results;
  }

  private RefreshResult renew(int window) {
    StoredToken stored = reads.current(merchant).orElseThrow();
    Lease lease = new Lease(Duration.ofSeconds(30), Duration.ofSeconds(5));
    ClaimedToken claim = claims.one(merchant, stored.generation(), lease).orElseThrow();
    return renewal.renew(claim, Deadline.in(Duration.ofMillis(window), Urgency.EXPIRED));
  }

  private static Map<String, Object> nobody() {
    return Map.of("list", List.of(), "total_count", 12_500);
  }

  private static Map<String, ?> answer(List<String> remove) {
    return Map.of("kind", "answer", "remove", remove);
  }

  private void fault(String path, Map<String, ?> how, int times) {
    Map<String, Object> rule = new HashMap<>(how);
    rule.put("path", path);
    rule.put("times", times);
    rule.putIfAbsent("appid", merchant.authorizerAppid());
    sandbox.fault(rule);
  }
}
