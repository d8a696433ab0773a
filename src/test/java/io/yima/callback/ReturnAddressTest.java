package io.yima.callback;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReturnAddressTest {

  @Test
  void the_merchants_appid_joins_the_query_that_is_there() {
    assertThat(ReturnAddress.of("https://a.example/b", "wx1"))
        .isEqualTo("https://a.example/b?authorizer_appid=wx1");
    assertThat(ReturnAddress.of("https://a.example/b?c=d#e?f", "wx1"))
        .isEqualTo("https://a.example/b?c=d&authorizer_appid=wx1#e?f");
  }

  @Test
  void wechat_on_a_computer_is_no_phone() {
    assertThat(Device.of(null, "Mobile MicroMessenger/8.0")).isEqualTo(Device.MOBILE);
    assertThat(Device.of(null, "MicroMessenger/7.0 WindowsWechat")).isEqualTo(Device.PC);
    assertThat(Device.of("mobile", null)).isEqualTo(Device.MOBILE);
    assertThat(Device.of("other", null)).isEqualTo(Device.PC);
  }
}
