package io.yima.security;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.yima.testsupport.Keys;
import io.yima.testsupport.RawHttp;
import io.yima.testsupport.RawHttp.Answer;
import io.yima.testsupport.Robustness;
import io.yima.testsupport.YimaTestResource;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(YimaTestResource.class)
class CursorTest {

  private static final String AUTHORIZERS = "/api/v1/authorizers";

  @Inject Keys keys;

  private String provider;
  private String key;
  private String cursor;
  private final List<String> merchants = new ArrayList<>();

  @BeforeEach
  void read_a_first_page() {
    provider = keys.newProvider();
    key = keys.newKey(provider, Scope.READ);
    for (int i = 0; i < 3; i++) {
      merchants.add(keys.newAuthorizer(provider));
    }
    merchants.sort(null);
    cursor = get(key, AUTHORIZERS + "?limit=2").json().getString("next");
  }

  @Test
  void a_cursor_leads_on_with_the_filters_it_was_made_with() {
    assertThat(appids(get(key, AUTHORIZERS + "?after=" + cursor)))
        .isEqualTo(merchants.subList(2, 3));
    assertThat(appids(get(keys.newKey(provider, Scope.READ), AUTHORIZERS + "?after=" + cursor)))
        .isEqualTo(merchants.subList(2, 3));
  }

  @Test
  void another_list_filter_tenant_or_restriction_refuses_it() {
    String restricted = keys.newRestrictedKey(provider, merchants, Scope.READ);
    String elsewhere = keys.newKey(keys.newProvider(), Scope.READ);
    String after = "after=" + cursor;

    refused(get(key, AUTHORIZERS + "?status=ACTIVE&" + after));
    refused(get(key, AUTHORIZERS + "?q=wx&" + after));
    refused(get(key, "/api/v1/code-applications?" + after));
    refused(get(key, AUTHORIZERS + "/" + merchants.getFirst() + "/code-applications?" + after));
    refused(get(restricted, AUTHORIZERS + "?" + after));
    refused(get(elsewhere, AUTHORIZERS + "?" + after));
    refused(get(YimaTestResource.OPERATOR_KEY, "/api/v1/providers?" + after));
    refused(get(YimaTestResource.OPERATOR_KEY, "/api/v1/providers/" + provider + "/keys?" + after));
  }

  @Test
  void what_was_never_a_cursor_is_refused() {
    List<String> forged = new ArrayList<>(List.of("x", "null", "%00", "e30", "W10", "WzFd"));
    for (int length = 1; length < cursor.length(); length++) {
      forged.add(cursor.substring(0, length));
    }
    forged.add(cursor + "x");
    forged.add(cursor + cursor);
    forged.add("A".repeat(7_000));
    String decoded = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
    String fingerprint = decoded.substring(2, decoded.indexOf('"', 2));
    for (String json :
        List.of(
            "[\"" + fingerprint + "\"]",
            "[\"" + fingerprint + "\",null]",
            "[\"" + fingerprint + "\",\"a\\u0000\"]",
            "[\"" + fingerprint + "\",\"\\ud800\"]",
            "{\"" + fingerprint + "\":1}",
            "[".repeat(1_200),
            "null")) {
      forged.add(
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(json.getBytes(StandardCharsets.UTF_8)));
    }

    for (String text : forged) {
      refused(get(key, AUTHORIZERS + "?after=" + text));
    }
    Robustness.row(
        "Dialect",
        "cursors forged, cut off or over-long",
        forged.size(),
        "422 naming the parameter");
  }

  @Test
  void a_limit_is_a_number_within_its_bounds() {
    for (String limit : List.of("0", "-1", "501", "1.5", "x", "99999999999", "%20")) {
      Answer answer = get(key, AUTHORIZERS + "?limit=" + limit);
      assertThat(answer.status()).as(limit).isEqualTo(422);
      assertThat(answer.json().getString("errors[0].field")).isEqualTo("limit");
    }
    assertThat(get(key, AUTHORIZERS + "?limit=500").status()).isEqualTo(200);
  }

  private static void refused(Answer answer) {
    assertThat(answer.status()).as(answer.body()).isEqualTo(422);
    assertThat(answer.problem()).isEqualTo("invalid");
    assertThat(answer.json().getString("errors[0].field")).isEqualTo("after");
  }

  private static List<String> appids(Answer answer) {
    return answer.json().getList("items.authorizer_appid");
  }

  private static Answer get(String key, String address) {
    return RawHttp.as(key).send("GET", address);
  }
}
