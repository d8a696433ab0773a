package io.yima.wechat;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** How WeChat is reached. */
@ConfigMapping(prefix = "yima.wechat")
public interface WeChatConfig {

  /** Where API calls go; https, except on loopback. */
  @WithDefault("https://api.weixin.qq.com")
  URI baseUrl();

  /** The longest a call may take, from connecting to the last byte of the answer. */
  @WithDefault("PT5S")
  Duration timeout();

  /** The most calls that may be under way on this node; there are fewer while WeChat fails. */
  @WithDefault("256")
  int maxInFlight();

  /** Where the authorization page sends desktop browsers. */
  Optional<String> authorizePcUrl();

  /** Where the authorization page sends the browser inside WeChat. */
  Optional<String> authorizeMobileUrl();
}
