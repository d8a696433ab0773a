package io.yima.wechat;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Counts what WeChat says and nobody expects. */
final class Oddities {

  private static final Logger LOG = Logger.getLogger(Oddities.class);
  private static final long LONGEST_LIFE = Duration.ofHours(24).toSeconds();

  /** What every token has always been given [CTOKEN]. */
  private static final Duration USUAL_LIFE = Duration.ofHours(2);

  private final MeterRegistry registry;

  Oddities(MeterRegistry registry) {
    this.registry = registry;
  }

  /** The life of a token by its {@code expires_in}; the usual one when that is nonsense. */
  Duration life(Endpoint endpoint, @Nullable Long expiresIn) {
    if (expiresIn != null && expiresIn >= 1 && expiresIn <= LONGEST_LIFE) {
      return Duration.ofSeconds(expiresIn);
    }
    LOG.warnf("WeChat answered %s with expires_in %s", endpoint.api(), expiresIn);
    count("yima_wechat_odd_expires_in", endpoint);
    return USUAL_LIFE;
  }

  /** The number stands in the log only: as a label it could take any value. */
  void unknownErrcode(Endpoint endpoint, int errcode, String errmsg) {
    LOG.warnf("WeChat answered %s with unknown errcode %d: %s", endpoint.api(), errcode, errmsg);
    count("yima_wechat_unknown_errcode", endpoint);
  }

  void unreadableRanges(Endpoint endpoint) {
    LOG.warnf("WeChat answered %s with ranges that cannot be read", endpoint.api());
    count("yima_wechat_unreadable_ranges", endpoint);
  }

  private void count(String name, Endpoint endpoint) {
    Counter.builder(name).tag("api", endpoint.api()).register(registry).increment();
  }
}
