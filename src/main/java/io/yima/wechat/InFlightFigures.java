package io.yima.wechat;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Locale;

/** Shows how many calls are under way, may be, and wait. */
final class InFlightFigures {

  private final InFlight inFlight;

  InFlightFigures(InFlight inFlight) {
    this.inFlight = inFlight;
  }

  void register(MeterRegistry registry) {
    Gauge.builder("yima_wechat_in_flight", inFlight, InFlight::count)
        .description("Calls to WeChat under way on this node")
        .register(registry);
    Gauge.builder("yima_wechat_in_flight_limit", inFlight, InFlight::limit)
        .description("How many calls may be under way, by how WeChat copes")
        .register(registry);
    Gauge.builder("yima_wechat_circuit", inFlight, it -> it.circuit().figure())
        .description("1 while calls are held back from a failing WeChat, 0.5 while it is tried")
        .register(registry);
    for (Urgency urgency : Urgency.values()) {
      Gauge.builder("yima_wechat_waiting", inFlight, it -> it.waiting(urgency))
          .description("Calls to WeChat that wait for a place, by urgency")
          .tag("urgency", urgency.name().toLowerCase(Locale.ROOT))
          .register(registry);
    }
  }
}
