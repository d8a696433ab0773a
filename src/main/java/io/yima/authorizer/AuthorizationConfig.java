package io.yima.authorizer;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How merchants are invited. */
@ConfigMapping(prefix = "yima.authorization")
interface AuthorizationConfig {

  /** How long a link works; {@code YIMA_AUTHORIZATION_LINK_LIFE}. */
  @WithDefault("P7D")
  Duration linkLife();
}
