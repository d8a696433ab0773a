package io.yima.wechat;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** How WeChat is reached. */
@ConfigMapping(prefix = "yima.wechat")
interface WeChatConfig {

  @WithDefault("https://api.weixin.qq.com")
  URI baseUrl();

  @WithDefault("PT5S")
  Duration timeout();

  @WithDefault("256")
  int maxInFlight();

  Optional<String> authorizePcUrl();

  Optional<String> authorizeMobileUrl();
}
