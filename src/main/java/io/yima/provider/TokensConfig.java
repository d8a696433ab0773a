package io.yima.provider;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How tokens are kept fresh: the platforms' own, and those of merchants. */
@ConfigMapping(prefix = "yima.tokens")
public interface TokensConfig {

  /** The share of a token's life after which it falls due; see {@link RefreshTime}. */
  @WithDefault("0.8")
  double refreshAt();

  /** How often an idle node looks for what is due. */
  @WithDefault("PT1S")
  Duration pollEvery();

  /** For how long a claim keeps other nodes away. */
  @WithDefault("PT30S")
  Duration lease();
}
