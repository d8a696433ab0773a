package io.yima.codes;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long a call may take, which a lease must outlast. */
@ConfigMapping(prefix = "yima.wechat")
interface CallTimeout {

  /** The longest a call may take. */
  @WithDefault("PT5S")
  Duration timeout();
}
