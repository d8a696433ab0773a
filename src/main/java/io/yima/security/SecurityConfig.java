package io.yima.security;

import io.smallrye.config.ConfigMapping;
import java.util.Optional;

/** Settings of this room. */
@ConfigMapping(prefix = "yima")
interface SecurityConfig {

  /** The bootstrap operator key. */
  Optional<String> operatorKey();
}
