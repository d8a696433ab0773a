package io.yima.packages;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import java.util.Optional;

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

  /** {@code database}, {@code file:} and a directory that all nodes share, or {@code s3}. */
  @WithDefault("database")
  String store();

  /** For how long a claim keeps other nodes away. */
  @WithDefault("PT2M")
  Duration lease();

  /** Of the store {@code s3}; also where packages are found that were put there before. */
  S3 s3();

  /** A bucket of a store that speaks S3. */
  interface S3 {

    Optional<String> bucket();

    /** Where the store is, when it is not Amazon's own. */
    Optional<String> endpoint();

    @WithDefault("us-east-1")
    String region();

    /** Whether the bucket's name is part of the path instead of the host's name. */
    @WithDefault("false")
    boolean pathStyle();

    /** Without it credentials are found as the SDK finds them: environment, profile, machine. */
    Optional<String> accessKeyId();

    Optional<String> secretAccessKey();
  }
}
