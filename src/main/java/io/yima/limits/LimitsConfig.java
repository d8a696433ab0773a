package io.yima.limits;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Settings of this room, for one node each; 0 switches a limit off. */
@ConfigMapping(prefix = "yima.limits")
interface LimitsConfig {

  /** Requests of one provider's API key in a second. */
  @WithDefault("200")
  int requestsPerKey();

  /** Requests to the API from one address in a second. */
  @WithDefault("2000")
  int requestsPerAddress();

  /** Pages that merchants' browsers ask for from one address in a minute. */
  @WithDefault("120")
  int pagesPerAddress();

  /** Pushes from one address in a second. */
  @WithDefault("1000")
  int pushesPerAddress();

  /** Requests with a wrong API key from one address in a minute. */
  @WithDefault("30")
  int failedAuthentications();

  /** Requests of one provider that are under way at once. */
  @WithDefault("64")
  int openRequests();

  /** In what time the head of a request must have arrived, from its first byte on. */
  @WithDefault("PT15S")
  Duration headWithin();

  /** In what time the whole body must have arrived, once the head has. */
  @WithDefault("PT30S")
  Duration bodyWithin();
}
