package io.yima.demo;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithName;
import java.net.URI;
import java.util.Optional;

/** What the demo has to know of other rooms' settings: where things are, and a key. */
@ConfigMapping(prefix = "yima")
interface DemoSettings {

  URI publicUrl();

  Optional<String> operatorKey();

  @WithName("wechat.base-url")
  URI wechatBaseUrl();

  @WithName("sandbox.enabled")
  boolean sandboxEnabled();

  @WithName("sandbox.port")
  int sandboxPort();
}
