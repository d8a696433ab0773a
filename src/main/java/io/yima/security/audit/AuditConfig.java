package io.yima.security.audit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How long the trail is kept. */
@ConfigMapping(prefix = "yima.audit")
interface AuditConfig {

  /** After this an event is deleted; {@code YIMA_AUDIT_RETENTION}. */
  @WithDefault("P400D")
  Duration retention();
}
