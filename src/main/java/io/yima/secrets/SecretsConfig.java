package io.yima.secrets;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithName;
import java.util.Optional;

/** Settings of this room. */
@ConfigMapping(prefix = "yima")
interface SecretsConfig {

  /** A Tink AEAD keyset as JSON, or {@code file:} and the path of one. */
  @WithName("master-keyset")
  Optional<String> masterKeyset();
}
