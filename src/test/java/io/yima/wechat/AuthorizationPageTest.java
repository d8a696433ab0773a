package io.yima.wechat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.yima.secrets.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class AuthorizationPageTest {

  private static final Secret CODE = Secret.of("preauthcode@@@a b");

  @Test
  void without_settings_people_go_to_wechat() {
    AuthorizationPage page = new AuthorizationPage(TestConfig.at("https://api.weixin.qq.com"));

    assertThat(page.pcUrl("wx1", CODE, "https://yima.example/a?link=1&x=码", 1, null))
        .isEqualTo(
            "https://mp.weixin.qq.com/cgi-bin/componentloginpage?component_appid=wx1"
                + "&pre_auth_code=preauthcode%40%40%40a%20b"
                + "&redirect_uri=https%3A%2F%2Fyima.example%2Fa%3Flink%3D1%26x%3D%E7%A0%81"
                + "&auth_type=1");
    assertThat(page.mobileUrl("wx1", CODE, "https://yima.example/a", 3, "wx2"))
        .isEqualTo(
            "https://open.weixin.qq.com/wxaopen/safe/bindcomponent?action=bindcomponent&no_scan=1"
                + "&component_appid=wx1&pre_auth_code=preauthcode%40%40%40a%20b"
                + "&redirect_uri=https%3A%2F%2Fyima.example%2Fa&auth_type=3&biz_appid=wx2"
                + "#wechat_redirect");
  }

  @Test
  void with_the_sandbox_people_go_to_the_sandbox() {
    AuthorizationPage page = new AuthorizationPage(TestConfig.at("http://127.0.0.1:8089/"));

    assertThat(page.pcUrl("wx1", CODE, "x", 1, null))
        .startsWith("http://127.0.0.1:8089/cgi-bin/componentloginpage?component_appid=wx1&");
    assertThat(page.mobileUrl("wx1", CODE, "x", 1, null))
        .startsWith("http://127.0.0.1:8089/wxaopen/safe/bindcomponent?action=bindcomponent&");
  }

  @Test
  void settings_hold_before_anything_else() {
    AuthorizationPage page =
        new AuthorizationPage(
            new TestConfig(
                URI.create("http://127.0.0.1:8089"),
                Duration.ofSeconds(5),
                1,
                Optional.of("https://pages.example/pc?a=b"),
                Optional.of("https://pages.example/mobile")));

    assertThat(page.pcUrl("wx1", CODE, "x", 1, null))
        .startsWith("https://pages.example/pc?a=b&component_appid=wx1&");
    assertThat(page.mobileUrl("wx1", CODE, "x", 1, null))
        .startsWith("https://pages.example/mobile?action=");
  }

  @Test
  void wrong_settings_are_named_as_environment_variables() {
    assertThatThrownBy(() -> WeChatSettings.check(TestConfig.at("http://api.weixin.qq.com")))
        .hasMessage("YIMA_WECHAT_BASE_URL must begin with https:// unless it is on this machine");
    assertThatThrownBy(() -> WeChatSettings.check(TestConfig.at("api.weixin.qq.com")))
        .hasMessageStartingWith("YIMA_WECHAT_BASE_URL must be an address");
    assertThatThrownBy(() -> WeChatSettings.check(TestConfig.at("https://u:p@a.example")))
        .hasMessageStartingWith("YIMA_WECHAT_BASE_URL must have no query");
    assertThatThrownBy(
            () -> WeChatSettings.check(TestConfig.at("https://a.example").timeout(Duration.ZERO)))
        .hasMessageStartingWith("YIMA_WECHAT_TIMEOUT must be longer than zero");
    assertThatThrownBy(
            () -> WeChatSettings.check(TestConfig.at("https://a.example").maxInFlight(0)))
        .hasMessageStartingWith("YIMA_WECHAT_MAX_IN_FLIGHT must be 1 or more");
  }

  @Test
  void plain_http_stays_on_this_machine() {
    WeChatSettings.check(TestConfig.at("http://localhost:8089"));
    WeChatSettings.check(TestConfig.at("http://127.0.0.2:8089"));
    WeChatSettings.check(TestConfig.at("http://[::1]:8089"));
    WeChatSettings.check(TestConfig.at("https://api.weixin.qq.com"));
    assertThatThrownBy(() -> WeChatSettings.check(TestConfig.at("http://127.0.0.1.example")))
        .isInstanceOf(IllegalStateException.class);
  }
}
