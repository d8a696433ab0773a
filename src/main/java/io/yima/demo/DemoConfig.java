package io.yima.demo;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** Whether the demo runs. */
@ConfigMapping(prefix = "yima.demo")
interface DemoConfig {

  @WithDefault("false")
  boolean enabled();
}
