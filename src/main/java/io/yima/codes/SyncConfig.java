package io.yima.codes;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** How applications are kept in step with WeChat. */
@ConfigMapping(prefix = "yima.sync")
interface SyncConfig {

  /** How often an idle node looks for due applications. */
  @WithDefault("PT1S")
  Duration pollEvery();

  /** For how long a claim keeps other nodes away. */
  @WithDefault("PT30S")
  Duration lease();

  /** When a submitted application is first asked about. */
  @WithDefault("PT5S")
  Duration firstAfter();

  /** The longest wait between two questions about an application that may still move. */
  @WithDefault("PT10M")
  Duration maxInterval();

  /** After so long without progress a person should look at it. */
  @WithDefault("PT6H")
  Duration stuckAfter();

  /** Which share of a merchant's daily quota for questions is kept for people. */
  @WithDefault("0.1")
  double quotaReserve();
}
