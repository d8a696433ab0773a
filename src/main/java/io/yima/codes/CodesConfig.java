package io.yima.codes;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How the codes of finished applications are fetched and kept. */
@ConfigMapping(prefix = "yima.codes")
interface CodesConfig {

  /** When the packages of an application are fetched. */
  enum Download {
    /** As soon as it is finished. */
    AHEAD,
    /** When somebody first asks for its codes. */
    ON_DEMAND
  }

  /**
   * Ahead by default: a wrong key shows before anybody waits for the printer, and what was paid for
   * is in our hands whatever becomes of the authorization.
   */
  @WithDefault("ahead")
  Download download();

  /** {@code database}, or {@code file:} and a directory that all nodes share. */
  @WithDefault("database")
  String store();

  /** For how long a claim keeps other nodes away. */
  @WithDefault("PT2M")
  Duration lease();
}
