package io.yima.wechat;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;

class RemedyTest {

  @Test
  void every_remedy_has_a_chinese_one_of_its_own() {
    for (int errcode : ErrorCodes.known()) {
      Optional<String> english = new Failure.Misconfigured(error(errcode, "no")).remedy();
      Optional<Remedy> both = Remedy.of("misconfigured", errcode, "no", english.orElse(null));

      assertThat(both.map(Remedy::en)).isEqualTo(english);
      both.ifPresent(
          remedy ->
              assertThat(remedy.zh())
                  .as("%d", errcode)
                  .isNotEqualTo(ChineseRemedies.of("misconfigured", 9_999_999, "no"))
                  .doesNotContain("%s"));
    }
  }

  @Test
  void the_address_that_wechat_saw_stands_in_both() {
    String errmsg = "access clientip is not registered, requestIP: 203.0.113.7 rid: 6-a-b";

    Remedy remedy = Remedy.of(new Failure.Misconfigured(error(61004, errmsg))).orElseThrow();

    assertThat(remedy.en()).contains("203.0.113.7");
    assertThat(remedy.zh()).contains("203.0.113.7");
    assertThat(WeChatError.addressSeen(errmsg)).contains("203.0.113.7");
    assertThat(WeChatError.addressSeen("no")).isEmpty();
  }

  @Test
  void what_never_reached_wechat_has_remedies_too() {
    for (Failure failure :
        new Failure[] {
          new Failure.Misconfigured(error(null, "404")),
          new Failure.Unavailable(error(null, "refused"), false)
        }) {
      Remedy remedy = Remedy.of(failure).orElseThrow();

      assertThat(remedy.en()).contains("YIMA_WECHAT_BASE_URL");
      assertThat(remedy.zh()).contains("YIMA_WECHAT_BASE_URL");
    }
  }

  private static WeChatError error(Integer errcode, String errmsg) {
    return new WeChatError("applycode", errcode, errmsg, null);
  }
}
