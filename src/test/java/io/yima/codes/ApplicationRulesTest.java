package io.yima.codes;

import static org.assertj.core.api.Assertions.assertThat;

import io.yima.api.FieldError;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ApplicationRulesTest {

  @ParameterizedTest
  @ValueSource(longs = {10_000, 20_000, 1_230_000, 20_000_000})
  void a_multiple_of_ten_thousand_within_limits_can_be_ordered(long codeCount) {
    assertThat(ApplicationRules.broken(codeCount, null, null)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -10_000, 0, 9_999, 10_001, 20_010_000, Long.MAX_VALUE})
  void any_other_count_is_refused(long codeCount) {
    assertThat(fields(ApplicationRules.broken(codeCount, null, null)))
        .containsExactly("code_count");
  }

  @Test
  void the_count_must_be_there() {
    assertThat(fields(ApplicationRules.broken(null, null, null))).containsExactly("code_count");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "a",
        "A-1_2.3",
        "批次/2026 第一",
        "100%",
        "a%2Fb",
        "a+b",
        "👨‍👩‍👧",
        "...",
        ".a",
        "x.y",
        "'; --"
      })
  void an_id_may_hold_any_characters(String id) {
    assertThat(ApplicationRules.isId(id)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        " a",
        "a ",
        "\u3000a",
        "a\u00a0",
        ".",
        "..",
        "a\u0000b",
        "a\nb",
        "a\u007fb",
        "a\u0085b",
        "\ud83d",
        "a\udc68b"
      })
  void an_id_has_no_control_characters_half_characters_or_blanks_around_it(String id) {
    assertThat(ApplicationRules.isId(id)).isFalse();
  }

  @Test
  void lengths_are_counted_in_characters_not_in_halves_of_them() {
    assertThat(ApplicationRules.isId("👍".repeat(128))).isTrue();
    assertThat(ApplicationRules.isId("a".repeat(129))).isFalse();
    assertThat(ApplicationRules.broken(10_000L, null, "码".repeat(200))).isEmpty();
    assertThat(fields(ApplicationRules.broken(10_000L, null, "码".repeat(201))))
        .containsExactly("label");
  }

  @Test
  void all_broken_rules_are_told_at_once() {
    assertThat(fields(ApplicationRules.broken(1L, "..", "a\tb")))
        .containsExactly("code_count", "isv_application_id", "label");
  }

  @Test
  void the_derived_id_is_the_same_for_the_same_key_and_another_for_every_other() {
    ProviderId provider = ProviderId.next();
    AuthorizerId authorizer = new AuthorizerId(provider, "wx1");

    String id = ApplicationKey.derived(authorizer, "key").isvApplicationId();

    assertThat(id).isEqualTo(ApplicationKey.derived(authorizer, "key").isvApplicationId());
    assertThat(id).hasSizeLessThanOrEqualTo(128).matches(ApplicationRules::isId);
    assertThat(id)
        .isNotEqualTo(ApplicationKey.derived(authorizer, "key2").isvApplicationId())
        .isNotEqualTo(
            ApplicationKey.derived(new AuthorizerId(provider, "wx2"), "key").isvApplicationId())
        .isNotEqualTo(
            ApplicationKey.derived(new AuthorizerId(ProviderId.next(), "wx1"), "key")
                .isvApplicationId());
  }

  private static List<String> fields(List<FieldError> errors) {
    return errors.stream().map(FieldError::field).toList();
  }
}
