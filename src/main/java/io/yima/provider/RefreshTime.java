package io.yima.provider;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;

/**
 * When a token falls due for renewal: after a share of its life, spread by a twentieth of that life
 * to either side, so that tokens which were issued together do not fall due together.
 */
public record RefreshTime(double refreshAt) {

  private static final double SPREAD = 0.05;

  /** Throws {@link IllegalStateException} when the due time could lie outside of a token's life. */
  public RefreshTime {
    if (!(refreshAt >= SPREAD && refreshAt <= 1 - SPREAD)) {
      throw new IllegalStateException(
          "YIMA_TOKENS_REFRESH_AT is "
              + refreshAt
              + " but must be between 0.05 and 0.95, the share of its life after which a token is"
              + " renewed.");
    }
  }

  public static RefreshTime of(TokensConfig config) {
    return new RefreshTime(config.refreshAt());
  }

  /** The due time of a token that was issued then and lives so long. */
  public Instant due(Instant issued, Duration life, RandomGenerator random) {
    double share = refreshAt + (random.nextDouble() * 2 - 1) * SPREAD;
    return issued.plusMillis(Math.round(life.toMillis() * share));
  }
}
