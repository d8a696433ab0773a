package io.yima.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import io.yima.wechat.Failure.AuthorizationLost;
import io.yima.wechat.Failure.Loss;
import io.yima.wechat.Failure.RejectedToken;
import io.yima.wechat.Failure.TokenRejected;
import io.yima.wechat.Failure.Unavailable;
import java.util.Arrays;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every number of wechat-protocol.md, section 4, and those of the customer-service message: 45015
 * is from [ERR], and seen by users with "response out of time limit or subscription is canceled".
 */
class ErrorCodesTest {

  /** errcode | calls without token | calls with the platform's token | with the merchant's token */
  private static final String TABLE =
      """
          -1 | unavailable        | unavailable        | unavailable
           1 | misconfigured      | misconfigured      | misconfigured
       40001 | misconfigured      | component          | authorizer
       40002 | rejected           | rejected           | rejected
       40003 | rejected           | rejected           | misconfigured
       40013 | misconfigured      | misconfigured      | misconfigured
       40014 | misconfigured      | component          | authorizer
       40090 | misconfigured      | misconfigured      | misconfigured
       40091 | unavailable        | unavailable        | unavailable
       40094 | misconfigured      | misconfigured      | misconfigured
       40097 | rejected           | rejected           | misconfigured
       40125 | misconfigured      | misconfigured      | misconfigured
       40164 | misconfigured      | misconfigured      | misconfigured
       40170 | rejected           | rejected           | misconfigured
       41001 | rejected           | rejected           | misconfigured
       41002 | rejected           | rejected           | misconfigured
       41004 | rejected           | rejected           | misconfigured
       41018 | rejected           | rejected           | misconfigured
       42001 | misconfigured      | component          | authorizer
       42002 | refresh_token      | refresh_token      | refresh_token
       42006 | misconfigured      | component          | authorizer
       42007 | refresh_token      | refresh_token      | refresh_token
       43001 | rejected           | rejected           | rejected
       43002 | rejected           | rejected           | rejected
       43003 | rejected           | rejected           | rejected
       43999 | rejected           | rejected           | rejected
       44002 | rejected           | rejected           | rejected
       45009 | quota_exhausted    | quota_exhausted    | quota_exhausted
       45011 | rate_limited       | rate_limited       | rate_limited
       45015 | misconfigured      | misconfigured      | misconfigured
       45035 | misconfigured      | misconfigured      | misconfigured
       47001 | rejected           | rejected           | rejected
       48001 | misconfigured      | misconfigured      | misconfigured
       48004 | misconfigured      | misconfigured      | misconfigured
       48006 | quota_exhausted    | quota_exhausted    | quota_exhausted
       49001 | rejected           | rejected           | misconfigured
       50002 | misconfigured      | misconfigured      | misconfigured
       61000 | misconfigured      | misconfigured      | misconfigured
       61001 | misconfigured      | misconfigured      | misconfigured
       61002 | misconfigured      | misconfigured      | misconfigured
       61003 | not_authorized     | not_authorized     | not_authorized
       61004 | misconfigured      | misconfigured      | misconfigured
       61005 | unavailable        | unavailable        | unavailable
       61006 | unavailable        | unavailable        | unavailable
       61007 | misconfigured      | misconfigured      | misconfigured
       61008 | rejected           | rejected           | misconfigured
       61009 | authorization_code | authorization_code | authorization_code
       61010 | authorization_code | authorization_code | authorization_code
       61011 | misconfigured      | misconfigured      | misconfigured
       61012 | rejected           | rejected           | misconfigured
       61013 | rejected           | rejected           | misconfigured
       61014 | rejected           | rejected           | misconfigured
       61015 | rejected           | rejected           | misconfigured
       61016 | misconfigured      | misconfigured      | misconfigured
       61017 | misconfigured      | misconfigured      | misconfigured
       61018 | misconfigured      | misconfigured      | misconfigured
       61019 | misconfigured      | misconfigured      | misconfigured
       61020 | misconfigured      | misconfigured      | misconfigured
       61021 | misconfigured      | misconfigured      | misconfigured
       61022 | misconfigured      | misconfigured      | misconfigured
       61023 | refresh_token      | refresh_token      | refresh_token
       61024 | rejected           | rejected           | misconfigured
       61025 | rejected           | rejected           | misconfigured
       61026 | misconfigured      | misconfigured      | misconfigured
       61027 | misconfigured      | misconfigured      | misconfigured
       61028 | misconfigured      | misconfigured      | misconfigured
       61029 | misconfigured      | misconfigured      | misconfigured
       61030 | misconfigured      | misconfigured      | misconfigured
       76001 | rejected           | rejected           | misconfigured
       76002 | rejected           | rejected           | misconfigured
       76003 | rejected           | rejected           | misconfigured
       76021 | rejected           | rejected           | misconfigured
       76022 | rejected           | rejected           | misconfigured
       89503 | misconfigured      | misconfigured      | misconfigured
       12345 | misconfigured      | misconfigured      | misconfigured
      """;

  @ParameterizedTest
  @CsvSource(textBlock = TABLE, delimiter = '|')
  void every_number_means_the_same_failure_for_ever(
      int errcode, String withoutToken, String componentToken, String authorizerToken) {
    for (Endpoint endpoint : Endpoint.values()) {
      String expected =
          switch (endpoint.token()) {
            case NONE -> withoutToken;
            case COMPONENT -> componentToken;
            case AUTHORIZER -> authorizerToken;
          };

      assertThat(word(failure(endpoint, errcode, "")))
          .as("%s %d", endpoint, errcode)
          .isEqualTo(expected);
    }
  }

  @Test
  void the_table_and_this_test_know_the_same_numbers() {
    Set<Integer> tested =
        TABLE
            .lines()
            .map(line -> Integer.valueOf(line.split("\\|")[0].strip()))
            .collect(Collectors.toCollection(TreeSet::new));
    tested.removeIf(errcode -> !ErrorCodes.isKnown(errcode) || errcode / 1000 == 43);

    assertThat(tested).isEqualTo(new TreeSet<>(ErrorCodes.known()));
    assertThat(ErrorCodes.isKnown(12345)).isFalse();
  }

  @Test
  void whatever_a_person_must_fix_comes_with_a_remedy() {
    for (Endpoint endpoint : Endpoint.values()) {
      for (int errcode :
          Set.of(61004, 40164, 45015, 48001, 48004, 50002, 61003, 61007, 61016, 61017, 61028)) {
        assertThat(failure(endpoint, errcode, "").remedy()).as("%d", errcode).isPresent();
      }
    }
    assertThat(failure(Endpoint.COMPONENT_TOKEN, 61006, "").remedy())
        .hasValueSatisfying(
            remedy -> assertThat(remedy).startsWith("Wait for WeChat's next verify ticket"));
    assertThat(failure(Endpoint.COMPONENT_TOKEN, 40001, "").remedy())
        .hasValueSatisfying(remedy -> assertThat(remedy).contains("component_appsecret"));
    assertThat(failure(Endpoint.APPLY_CODE, 40001, "").remedy()).isEmpty();
  }

  @Test
  void the_remedy_of_61004_shows_the_address_that_wechat_saw() {
    String errmsg = "access clientip is not registered requestIP: 203.0.113.7 rid: 61-a";

    assertThat(failure(Endpoint.APPLY_CODE, 61004, errmsg).remedy())
        .contains(
            "Add the egress address of this machine (WeChat saw 203.0.113.7) to the platform's IP"
                + " allow-list on open.weixin.qq.com, in the published version and of this very"
                + " platform.");
    assertThat(failure(Endpoint.APPLY_CODE, 61004, "no address").remedy())
        .hasValueSatisfying(remedy -> assertThat(remedy).doesNotContain("%s", "WeChat saw"));
  }

  @Test
  void interfaces_have_names_of_their_own() {
    assertThat(Arrays.stream(Endpoint.values()).map(Endpoint::api)).doesNotHaveDuplicates();
  }

  private static Failure failure(Endpoint endpoint, int errcode, String errmsg) {
    return ErrorCodes.classify(endpoint, errcode, WeChatError.answered(endpoint, errcode, errmsg));
  }

  private static String word(Failure failure) {
    return switch (failure) {
      case TokenRejected(WeChatError _, RejectedToken which) ->
          which == RejectedToken.COMPONENT ? "component" : "authorizer";
      case AuthorizationLost(WeChatError _, Loss loss) ->
          switch (loss) {
            case REFRESH_TOKEN_INVALID -> "refresh_token";
            case NOT_AUTHORIZED -> "not_authorized";
            case AUTHORIZATION_CODE_SPENT -> "authorization_code";
          };
      case Unavailable(WeChatError _, boolean sent) -> sent ? "unavailable" : "not sent";
      case Failure.Misconfigured _,
          Failure.QuotaExhausted _,
          Failure.RateLimited _,
          Failure.OutcomeUnknown _,
          Failure.Rejected _ ->
          failure.code();
    };
  }
}
