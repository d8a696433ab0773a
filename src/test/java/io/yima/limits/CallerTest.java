package io.yima.limits;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How requests are told apart before anything is looked up for them. */
class CallerTest {

  @Test
  void of_an_ipv6_address_the_network_counts() {
    String one = RemoteAddress.network("2001:db8:1:2:aaaa::1");

    assertThat(RemoteAddress.network("2001:db8:1:2::ffff")).isEqualTo(one);
    assertThat(RemoteAddress.network("[2001:db8:1:2::7]")).isEqualTo(one);
    assertThat(RemoteAddress.network("2001:db8:1:3::1")).isNotEqualTo(one);
  }

  @Test
  void of_an_ipv4_address_all_of_it_counts_however_it_is_written() {
    String one = RemoteAddress.network("192.0.2.1");

    assertThat(RemoteAddress.network("::ffff:192.0.2.1")).isEqualTo(one);
    assertThat(RemoteAddress.network("192.0.2.2")).isNotEqualTo(one);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "nonsense", "localhost", "1.2.3.4.5", "[", "::1::", "999.1.1.1", "a:b"})
  void whatever_else_a_proxy_may_write_counts_as_one_caller(String text) {
    assertThat(RemoteAddress.network(text)).isEqualTo("unknown");
  }

  @ParameterizedTest
  @CsvSource({
    "/api/v1/provider, API",
    "/gateway/wx1/cgi-bin/token, API",
    "/wechat/wx1/events, PUSH",
    "/wechat/wx1/messages/wx2, PUSH",
    "/wechat/wx1/authorized, PAGE",
    "/wechat/wx1/authorize/1, PAGE",
    "/wechat/wx1, PAGE",
    "/wechat/events, PAGE",
    "/wechat/wx1/events/more, PAGE",
  })
  void a_path_leads_to_one_door(String path, Door door) {
    assertThat(Door.of(path)).contains(door);
  }

  @ParameterizedTest
  @ValueSource(strings = {"/q/health/ready", "/q/metrics", "/console", "/", "/apiary"})
  void what_only_operators_reach_is_not_limited(String path) {
    assertThat(Door.of(path)).isEmpty();
  }

  @Test
  void the_tighter_of_two_limits_is_told() {
    Allowance wide = new Allowance(true, 100, 50, Duration.ofSeconds(1), Duration.ZERO);
    Allowance tight = new Allowance(true, 10, 3, Duration.ofSeconds(1), Duration.ZERO);

    assertThat(wide.tighter(tight)).isSameAs(tight);
    assertThat(tight.tighter(wide)).isSameAs(tight);
    assertThat(Allowance.UNLIMITED.tighter(wide)).isSameAs(wide);

    Allowance last = new Allowance(true, 100, 0, Duration.ofSeconds(1), Duration.ZERO);
    Allowance none = new Allowance(false, 10, 0, Duration.ofSeconds(1), Duration.ofSeconds(1));

    assertThat(last.tighter(none)).isSameAs(none);
    assertThat(none.tighter(last)).isSameAs(none);
  }

  @Test
  void a_setting_that_makes_no_sense_is_named() {
    assertThatThrownBy(() -> new LimitSettings(new TestLimits(-1, Duration.ofSeconds(1))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("YIMA_LIMITS_REQUESTS_PER_KEY is -1")
        .hasMessageContaining("0 for no limit");
    assertThatThrownBy(() -> new LimitSettings(new TestLimits(1, Duration.ZERO)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("YIMA_LIMITS_BODY_WITHIN");
  }

  private record TestLimits(int requestsPerKey, Duration bodyWithin) implements LimitsConfig {

    @Override
    public int requestsPerAddress() {
      return 1;
    }

    @Override
    public int pagesPerAddress() {
      return 1;
    }

    @Override
    public int pushesPerAddress() {
      return 1;
    }

    @Override
    public int failedAuthentications() {
      return 1;
    }

    @Override
    public int openRequests() {
      return 1;
    }

    @Override
    public Duration headWithin() {
      return Duration.ofSeconds(1);
    }
  }
}
