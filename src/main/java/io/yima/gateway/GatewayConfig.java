package io.yima.gateway;

import io.smallrye.config.ConfigMapping;
import java.util.List;
import java.util.Optional;

/** Settings of this room. */
@ConfigMapping(prefix = "yima.gateway")
interface GatewayConfig {

  /** Further paths of WeChat that are passed on with a merchant's token; none by default. */
  Optional<List<String>> passThrough();
}
