package io.yima.database;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.nio.file.Path;

/** Settings of this room. */
@ConfigMapping(prefix = "yima")
interface DatabaseConfig {

  /** Where the embedded database, generated keys and the sandbox keep their files. */
  @WithDefault("./data")
  Path dataDir();
}
