package io.yima.provider;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.Startup;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** Tells of component tokens that another system made void. */
@Startup
@Singleton
class Rejections {

  private static final Logger LOG = Logger.getLogger(Rejections.class);

  private final Counter taken;

  Rejections(MeterRegistry metrics) {
    taken =
        Counter.builder("yima_component_tokens_taken")
            .description("Component tokens that WeChat refused before their end")
            .register(metrics);
  }

  void tell(String componentAppid, Rejection rejection) {
    taken.increment();
    LOG.warnf(
        "%s (%s), %d in a row. %s",
        rejection.error().errmsg(), componentAppid, rejection.inARow(), rejection.error().remedy());
  }
}
