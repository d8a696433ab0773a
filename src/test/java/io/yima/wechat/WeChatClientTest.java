package io.yima.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.yima.secrets.Secret;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.wechat.AuthorizerPage.Listed;
import io.yima.wechat.WeChatResult.Failed;
import io.yima.wechat.WeChatResult.Success;
import jakarta.inject.Inject;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is sent to WeChat, and how its answers are read. */
@QuarkusTest
class WeChatClientTest {

  private static final Secret TOKEN = Secret.of("74_component-token_of_some_length");
  private static final Secret MERCHANT = Secret.of("75_merchant-token_of_some_length");

  @Inject MeterRegistry application;

  private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
  private StubWeChat stub;
  private WeChatClient client;

  @BeforeEach
  void start() {
    stub = new StubWeChat();
    client = new WeChatClient(TestConfig.at(stub.url()), registry);
  }

  @AfterEach
  void stop() {
    stub.close();
  }

  @Test
  void a_component_token_is_asked_for_without_a_token() {
    stub.answers("{\"component_access_token\":\"61W3\",\"expires_in\":7200}");

    var result =
        client.componentToken("wx1", Secret.of("app secret"), Secret.of("ticket@@@1"), soon());

    assertThat(result)
        .isEqualTo(new Success<>(new IssuedToken(Secret.of("61W3"), Duration.ofHours(2))));
    assertThat(request().target()).isEqualTo("/cgi-bin/component/api_component_token");
    assertThat(request().head()).startsWith("POST ").contains("application/json");
    assertThat(request().body())
        .isEqualTo(
            "{\"component_appid\":\"wx1\",\"component_appsecret\":\"app secret\","
                + "\"component_verify_ticket\":\"ticket@@@1\"}");
  }

  /** WeChat may cut batches otherwise than today: the text of a package counts as any answer's. */
  @Test
  void a_package_may_be_as_long_as_its_interface_allows_fetched_or_passed_on() {
    String text = "a".repeat(25 << 20);
    stub.answers("{\"errcode\":0,\"errmsg\":\"ok\",\"buffer\":\"" + text + "\"}");
    client = new WeChatClient(TestConfig.at(stub.url()).timeout(Duration.ofSeconds(20)), registry);

    assertThat(client.downloadCodes(MERCHANT, 7, new CodeRange(0, 9), soon()))
        .isInstanceOf(Success.class);
    assertThat(
            client.forward(
                MERCHANT,
                new ForwardedCall("intp/marketcode/applycodedownload", Map.of(), "{}"),
                soon()))
        .isInstanceOfSatisfying(
            Success.class, answer -> assertThat((String) answer.value()).contains(text));
    assertThat(
            client.forward(
                MERCHANT, new ForwardedCall("cgi-bin/user/info", Map.of(), "{}"), soon()))
        .isInstanceOf(Failed.class);
  }

  @Test
  void what_is_told_of_a_code_is_told_word_for_word_and_what_is_no_code_is_none() {
    stub.answers(
        "{\"errcode\":0,\"errmsg\":\"ok\",\"code\":\"044GZ*J10\",\"new\":[1,{\"a\":\"二\"}]}");
    CodeReference reference = new CodeReference.ByIndex(7, 0);

    assertThat(client.queryCodeAsTold(MERCHANT, reference, soon()))
        .isEqualTo(
            new Success<>(
                "{\"errcode\":0,\"errmsg\":\"ok\",\"code\":\"044GZ*J10\",\"new\":[1,{\"a\":\"二\"}]}"));
    assertThat(client.exchangeCodeTicketAsTold(MERCHANT, Secret.of("o"), Secret.of("t"), soon()))
        .isEqualTo(client.queryCodeAsTold(MERCHANT, reference, soon()));
    stub.answers("{\"something\":\"else\"}");
    assertThat(client.queryCodeAsTold(MERCHANT, reference, soon())).isInstanceOf(Failed.class);
  }

  @Test
  void the_ticket_push_is_started_with_component_secret() {
    stub.answers("{\"errcode\":0,\"errmsg\":\"already on\"}");

    var result = client.startPushTicket("wx1", Secret.of("app secret"), soon());

    assertThat(result).isEqualTo(new Success<>(new Acknowledged("already on")));
    assertThat(request().target()).isEqualTo("/cgi-bin/component/api_start_push_ticket");
    assertThat(request().body())
        .isEqualTo("{\"component_appid\":\"wx1\",\"component_secret\":\"app secret\"}");
  }

  @Test
  void a_pre_auth_code_is_asked_for_with_the_platform_s_token() {
    stub.answers("{\"pre_auth_code\":\"preauthcode@@@1\",\"expires_in\":\"1800\"}");

    var result = client.preAuthCode("wx1", Secret.of("a+b/c=&d e@@@{x}%20"), soon());

    assertThat(result)
        .isEqualTo(
            new Success<>(new IssuedToken(Secret.of("preauthcode@@@1"), Duration.ofMinutes(30))));
    assertThat(request().target())
        .startsWith("/cgi-bin/component/api_create_preauthcode?component_access_token=");
    assertThat(URI.create(request().target()).getRawQuery())
        .satisfies(
            query ->
                assertThat(URLDecoder.decode(query, StandardCharsets.UTF_8))
                    .isEqualTo("component_access_token=a+b/c=&d e@@@{x}%20"));
    assertThat(request().body()).isEqualTo("{\"component_appid\":\"wx1\"}");
  }

  @Test
  void an_authorization_code_is_exchanged() {
    stub.answers(
        """
        {"authorization_info":{"authorizer_appid":"wx9","authorizer_access_token":"at",
         "expires_in":7200,"authorizer_refresh_token":"refreshtoken@@@1",
         "func_info":[{"funcscope_category":{"id":1,"name":"x"}},{"funcscope_category":{"id":"46"}},
          {"funcscope_category":{"id":46}},{"funcscope_category":{}},{},7]}}""");

    var result = client.queryAuth("wx1", TOKEN, Secret.of("queryauthcode@@@1"), soon());

    assertThat(result)
        .isEqualTo(
            new Success<>(
                new Authorization(
                    "wx9",
                    new IssuedToken(Secret.of("at"), Duration.ofHours(2)),
                    Secret.of("refreshtoken@@@1"),
                    Set.of(1, 46))));
    assertThat(request().body())
        .isEqualTo("{\"component_appid\":\"wx1\",\"authorization_code\":\"queryauthcode@@@1\"}");
  }

  @Test
  void an_account_without_api_capability_authorizes_without_tokens() {
    stub.answers("{\"authorization_info\":{\"authorizer_appid\":\"wx9\",\"expires_in\":0}}");

    assertThat(client.queryAuth("wx1", TOKEN, Secret.of("code"), soon()))
        .isEqualTo(new Success<>(new Authorization("wx9", null, null, null)));
    assertThat(registry.find("yima_wechat_odd_expires_in").counter()).isNull();
  }

  @Test
  void a_merchant_s_token_is_refreshed() {
    stub.answers(
        "{\"authorizer_access_token\":\"at\",\"expires_in\":7200,\"authorizer_refresh_token\":\"\"}");

    var result =
        client.refreshAuthorizerToken("wx1", TOKEN, "wx9", Secret.of("refreshtoken@@@1"), soon());

    assertThat(result)
        .isEqualTo(
            new Success<>(
                new RefreshedToken(new IssuedToken(Secret.of("at"), Duration.ofHours(2)), null)));
    assertThat(request().target())
        .isEqualTo(
            "/cgi-bin/component/api_authorizer_token?component_access_token=" + TOKEN.reveal());
    assertThat(request().body())
        .isEqualTo(
            "{\"component_appid\":\"wx1\",\"authorizer_appid\":\"wx9\","
                + "\"authorizer_refresh_token\":\"refreshtoken@@@1\"}");
  }

  @Test
  void another_merchant_s_token_is_no_success() {
    stub.answers(
        "{\"authorizer_appid\":\"wx8\",\"authorizer_access_token\":\"at\",\"expires_in\":7200}");

    assertThat(failure(client.refreshAuthorizerToken("wx1", TOKEN, "wx9", MERCHANT, soon())))
        .isInstanceOf(Failure.OutcomeUnknown.class);
  }

  @Test
  void a_merchant_s_account_is_described() {
    stub.answers(
        """
        {"authorizer_info":{"nick_name":"好店","head_img":"https://img","service_type_info":{"id":2},
         "verify_type_info":{"id":-1},"user_name":"gh_1","principal_name":"公司","account_status":"1"},
         "authorization_info":{"authorizer_appid":"wx9","authorizer_refresh_token":"r",
         "func_info":[{"funcscope_category":{"id":46}}]}}""");

    assertThat(client.authorizerInfo("wx1", TOKEN, "wx9", soon()))
        .isEqualTo(
            new Success<>(
                new AuthorizerProfile(
                    "wx9",
                    "好店",
                    "公司",
                    "https://img",
                    "gh_1",
                    2,
                    -1,
                    1,
                    false,
                    Set.of(46),
                    true,
                    Secret.of("r"))));
    assertThat(request().body())
        .isEqualTo("{\"component_appid\":\"wx1\",\"authorizer_appid\":\"wx9\"}");
  }

  @Test
  void a_mini_program_is_told_by_its_own_section() {
    stub.answers(
        "{\"authorizer_info\":{\"MiniProgramInfo\":{}},\"authorization_info\":{\"func_info\":[]}}");

    assertThat(client.authorizerInfo("wx1", TOKEN, "wx9", soon()))
        .isInstanceOfSatisfying(
            Success.class,
            it -> assertThat(((AuthorizerProfile) it.value()).miniProgram()).isTrue());
  }

  @Test
  void a_page_of_merchants_is_listed() {
    stub.answers(
        """
        {"total_count":"3","list":[
         {"authorizer_appid":"wx8","refresh_token":"r8","auth_time":1558000607},
         {"authorizer_appid":"wx9","auth_time":"1558000608"},{"refresh_token":"r"}]}""");

    assertThat(client.authorizerList("wx1", TOKEN, 500, 500, soon()))
        .isEqualTo(
            new Success<>(
                new AuthorizerPage(
                    3,
                    3,
                    List.of(
                        new Listed("wx8", Secret.of("r8"), 1558000607L),
                        new Listed("wx9", null, 1558000608L)))));
    assertThat(request().body())
        .isEqualTo("{\"component_appid\":\"wx1\",\"offset\":500,\"count\":500}");
  }

  @Test
  void codes_are_ordered_with_numbers_and_raw_text() {
    stub.answers("{\"errcode\":0,\"errmsg\":\"ok\",\"application_id\":581865877}");

    var result = client.applyCode(MERCHANT, 100_000, "订单 \"1\" 😀", soon());

    assertThat(result).isEqualTo(new Success<>(new AppliedCode(581865877)));
    assertThat(request().target())
        .isEqualTo("/intp/marketcode/applycode?access_token=" + MERCHANT.reveal());
    assertThat(request().body())
        .isEqualTo("{\"code_count\":100000,\"isv_application_id\":\"订单 \\\"1\\\" 😀\"}");
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "\"1\"", "9223372036854775807", "\"9223372036854775807\""})
  void application_ids_are_numbers_or_texts_of_up_to_63_bits(String id) {
    stub.answers("{\"errcode\":\"0\",\"application_id\":" + id + "}");

    assertThat(client.applyCode(MERCHANT, 10_000, "a", soon()))
        .isEqualTo(new Success<>(new AppliedCode(Long.parseLong(id.replace("\"", "")))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "9223372036854775808",
        "\"9223372036854775808\"",
        "1e30",
        "0",
        "-1",
        "null",
        "\"\"",
        "\"abc\"",
        "1.5",
        "true",
        "{}",
        "[]"
      })
  void what_is_no_application_id_leaves_the_outcome_unknown(String id) {
    stub.answers("{\"errcode\":0,\"application_id\":" + id + "}");

    assertThat(failure(client.applyCode(MERCHANT, 10_000, "a", soon())))
        .isInstanceOf(Failure.OutcomeUnknown.class);
  }

  @Test
  void an_application_is_asked_about_by_every_id_that_is_known() {
    stub.answers("{\"errcode\":0,\"status\":\"FINISH\"}");

    client.queryApplication(MERCHANT, 581865877L, "a", soon());
    client.queryApplication(MERCHANT, null, "a", soon());
    client.queryApplication(MERCHANT, 581865877L, null, soon());

    assertThat(stub.requests)
        .extracting(StubWeChat.Request::body)
        .containsExactly(
            "{\"application_id\":581865877,\"isv_application_id\":\"a\"}",
            "{\"isv_application_id\":\"a\"}",
            "{\"application_id\":581865877}");
  }

  @Test
  void a_status_is_read_as_it_comes() {
    stub.answers(
        """
        \uFEFF{"errcode":0,"status":"FINISH","application_id":"581865877","isv_application_id":"a",
         "code_generate_list":[{"code_start":0,"code_end":"49999"},
          {"code_start":50000,"code_end":99999,"new":1}],
         "create_time":1611047541,"update_time":"1611047542","status":"DONE","surprise":[]}""");

    assertThat(client.queryApplication(MERCHANT, 1L, "a", soon()))
        .isEqualTo(
            new Success<>(
                new ApplicationStatus(
                    "DONE",
                    581865877L,
                    "a",
                    List.of(new CodeRange(0, 49999), new CodeRange(50000, 99999)),
                    "1611047541",
                    "1611047542")));
  }

  /** A batch with some of its ranges missing would pass for the whole one. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'code_start':'x','code_end':1}",
        "{'code_start':5}",
        "{'code_start':9,'code_end':8}",
        "{'code_start':-1,'code_end':8}",
        "{'code_start':1.5,'code_end':8}",
        "{'code_start':1,'code_end':9223372036854775808}",
        "[1,2]",
        "7",
        "null"
      })
  void one_range_that_cannot_be_read_spoils_them_all(String range) {
    stub.answers(
        "{'status':'FINISH','code_generate_list':[{'code_start':0,'code_end':9},%s]}"
            .formatted(range)
            .replace('\'', '"'));

    assertThat(client.queryApplication(MERCHANT, 1L, "a", soon()))
        .isEqualTo(
            new Success<>(new ApplicationStatus("FINISH", null, null, List.of(), null, null)));
    assertThat(registry.get("yima_wechat_unreadable_ranges").counter().count()).isEqualTo(1);
  }

  @Test
  void a_status_may_be_missing_or_of_any_length() {
    stub.answers("{\"errcode\":0}");
    assertThat(client.queryApplication(MERCHANT, 1L, "a", soon()))
        .isEqualTo(new Success<>(new ApplicationStatus(null, null, null, List.of(), null, null)));

    stub.answers("{\"status\":\"" + "é".repeat(2000) + "\"}");
    assertThat(client.queryApplication(MERCHANT, 1L, "a", soon()))
        .isInstanceOfSatisfying(
            Success.class,
            it -> assertThat(((ApplicationStatus) it.value()).status()).hasSize(1000));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "-1", "86401", "1000000000000", "1e99", "\"soon\"", "null", "7200.5", "[]"})
  void odd_lives_count_as_two_hours_and_are_counted(String expiresIn) {
    stub.answers("{\"component_access_token\":\"t\",\"expires_in\":" + expiresIn + "}");

    assertThat(componentToken())
        .isEqualTo(new Success<>(new IssuedToken(Secret.of("t"), Duration.ofHours(2))));
    assertThat(
            registry
                .get("yima_wechat_odd_expires_in")
                .tag("api", "api_component_token")
                .counter()
                .count())
        .isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"1", "\"600\"", "86400"})
  void believable_lives_are_believed(String expiresIn) {
    stub.answers("{\"component_access_token\":\"t\",\"expires_in\":" + expiresIn + "}");

    Duration life = Duration.ofSeconds(Long.parseLong(expiresIn.replace("\"", "")));
    assertThat(componentToken()).isEqualTo(new Success<>(new IssuedToken(Secret.of("t"), life)));
    assertThat(registry.find("yima_wechat_odd_expires_in").counter()).isNull();
  }

  @Test
  void an_error_is_told_in_wechat_s_words_without_our_secrets() {
    stub.answers(
        "{\"errcode\":\"40001\",\"errmsg\":\"invalid credential, access_token="
            + MERCHANT.reveal()
            + " or part "
            + MERCHANT.reveal().substring(5, 25)
            + "\\nrid: 6571a1d1-2f3c8a2e-0b1c\",\"application_id\":1}");

    Failure failure = failure(client.applyCode(MERCHANT, 10_000, "a", soon()));

    assertThat(failure)
        .isEqualTo(
            new Failure.TokenRejected(
                new WeChatError(
                    "applycode",
                    40001,
                    "invalid credential, access_token=[secret] or part [secret] rid:"
                        + " 6571a1d1-2f3c8a2e-0b1c",
                    "6571a1d1-2f3c8a2e-0b1c"),
                Failure.RejectedToken.AUTHORIZER));
  }

  @Test
  void an_unknown_error_number_is_a_person_s_business_and_counted() {
    stub.answers("{\"errcode\":9410001,\"errmsg\":\"" + "长".repeat(3000) + "\"}");

    Failure failure = failure(client.applyCode(MERCHANT, 10_000, "a", soon()));

    assertThat(failure).isInstanceOf(Failure.Misconfigured.class);
    assertThat(failure.error().errmsg()).hasSize(500);
    assertThat(
            registry.get("yima_wechat_unknown_errcode").tag("api", "applycode").counter().count())
        .isEqualTo(1);
  }

  @Test
  void calls_are_timed_by_interface_and_result() {
    stub.answers("{\"errcode\":45009,\"errmsg\":\"reach max api daily quota limit\"}");
    componentToken();
    stub.answers("{\"component_access_token\":\"t\",\"expires_in\":7200}");
    componentToken();

    assertThat(registry.get("yima_wechat_calls").tag("result", "success").timer().count())
        .isEqualTo(1);
    assertThat(
            registry
                .get("yima_wechat_calls")
                .tag("api", "api_component_token")
                .tag("result", "quota_exhausted")
                .timer()
                .count())
        .isEqualTo(1);
    assertThat(registry.get("yima_wechat_in_flight").gauge().value()).isZero();
  }

  @Test
  void figures_have_the_names_that_operators_know() {
    client = new WeChatClient(TestConfig.at(stub.url()), application);
    stub.answers("{\"component_access_token\":\"t\"}");
    componentToken();
    stub.answers("{\"errcode\":12345}");
    componentToken();

    assertThat(RestAssured.get("/q/metrics").asString())
        .containsPattern(
            "yima_wechat_calls_seconds_count\\{api=\"api_component_token\",result=\"success\"")
        .contains("yima_wechat_in_flight 0.0")
        .contains("yima_wechat_odd_expires_in_total{api=\"api_component_token\"")
        .contains("yima_wechat_unknown_errcode_total{api=\"api_component_token\"");
  }

  private WeChatResult<IssuedToken> componentToken() {
    return client.componentToken("wx1", Secret.of("app secret"), Secret.of("ticket@@@1"), soon());
  }

  private StubWeChat.Request request() {
    return stub.requests.getLast();
  }

  private static Deadline soon() {
    return Deadline.in(Duration.ofSeconds(10), Urgency.INTERACTIVE);
  }

  private static Failure failure(WeChatResult<?> result) {
    assertThat(result).isInstanceOf(Failed.class);
    return ((Failed<?>) result).failure();
  }
}
