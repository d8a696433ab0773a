package io.yima.wechat;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

record TestConfig(
    URI baseUrl,
    Duration timeout,
    int maxInFlight,
    Optional<String> authorizePcUrl,
    Optional<String> authorizeMobileUrl)
    implements WeChatConfig {

  static TestConfig at(String baseUrl) {
    return new TestConfig(
        URI.create(baseUrl), Duration.ofSeconds(5), 256, Optional.empty(), Optional.empty());
  }

  TestConfig timeout(Duration timeout) {
    return new TestConfig(baseUrl, timeout, maxInFlight, authorizePcUrl, authorizeMobileUrl);
  }

  TestConfig maxInFlight(int maxInFlight) {
    return new TestConfig(baseUrl, timeout, maxInFlight, authorizePcUrl, authorizeMobileUrl);
  }
}
