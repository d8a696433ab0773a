package io.yima.sandbox;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Whether and where the pretend WeChat runs beside Yima. */
@ConfigMapping(prefix = "yima.sandbox")
public interface SandboxConfig {

  /** Starts it with Yima; never in production. */
  @WithDefault("false")
  boolean enabled();

  /** On the loopback address only; 0 for any that is free. */
  @WithDefault("8089")
  int port();
}
