package io.yima.authorizer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How often our records are compared with WeChat's. */
@ConfigMapping(prefix = "yima.reconcile")
interface ReconcileConfig {

  /** Between two comparisons of a provider's merchants; {@code YIMA_RECONCILE_EVERY}. */
  @WithDefault("PT6H")
  Duration every();
}
