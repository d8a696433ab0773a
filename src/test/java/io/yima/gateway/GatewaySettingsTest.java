package io.yima.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatewaySettingsTest {

  @Test
  void nothing_passes_unless_it_is_named() {
    assertThat(new GatewaySettings(Optional::empty).passes("/cgi-bin/user/info")).isFalse();
    GatewaySettings named = settings("/cgi-bin/user/info");
    assertThat(named.passes("/cgi-bin/user/info")).isTrue();
    assertThat(named.passes("/cgi-bin/user/info/")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "/",
        "cgi-bin/user/info",
        "/cgi-bin/user/../token",
        "/cgi-bin//user",
        "/cgi-bin/user/*",
        "/cgi-bin/user?x=y",
        "/cgi-bin/us%65r",
        "https://example.com/x",
        "//example.com/x",
        "/cgi-bin/component/api_component_token",
        "/cgi-bin/component/clear_quota/v2",
        "/cgi-bin/token",
        "/cgi-bin/stable_token",
        "/cgi-bin/clear_quota",
        "/cgi-bin/clear_quota/v2",
        "/sns/oauth2/access_token",
        "/sns/component/oauth2/access_token",
        "/intp/marketcode/applycode"
      })
  void what_must_not_pass_stops_the_start(String path) {
    assertThatThrownBy(() -> settings(path))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("YIMA_GATEWAY_PASS_THROUGH");
  }

  private static GatewaySettings settings(String path) {
    return new GatewaySettings(() -> Optional.of(List.of(path)));
  }
}
