package io.yima.work;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import jakarta.inject.Singleton;
import java.time.Duration;

/** What this node's loops took and wrote back, by kind of work, as metrics. */
@Singleton
public class WorkFigures {

  private static final String KIND = "kind";

  /** As sizes go from one piece to a full batch. */
  private static final double[] SIZES = {1, 5, 10, 25, 50, 100, 250, 500};

  /** Around the 20 ms that a result may be without being stored. */
  private static final Duration[] WAITS = {
    Duration.ofMillis(10),
    Duration.ofMillis(20),
    Duration.ofMillis(50),
    Duration.ofMillis(100),
    Duration.ofMillis(250),
    Duration.ofSeconds(1),
    Duration.ofSeconds(5)
  };

  private final MeterRegistry registry;

  public WorkFigures(MeterRegistry registry) {
    this.registry = registry;
  }

  /** Sizes of claims, those that found nothing included. */
  DistributionSummary claims(String kind) {
    return sizes("yima_work_claim_size", "Pieces that a claim took", kind);
  }

  /** Sizes of write-backs. */
  DistributionSummary writeBacks(String kind) {
    return sizes("yima_work_write_back_size", "Results that one statement wrote back", kind);
  }

  /** How long results were in this process only, from their arrival to the commit. */
  Timer unstored(String kind) {
    return Timer.builder("yima_work_write_back")
        .description("From a result's arrival to its commit")
        .tag(KIND, kind)
        .serviceLevelObjectives(WAITS)
        .register(registry);
  }

  /** Results that were not written, because the row was somebody else's by then. */
  public Counter lostLeases(String kind) {
    return Counter.builder("yima_work_lost_leases")
        .description("Results that came after the lease had gone to someone else")
        .tag(KIND, kind)
        .register(registry);
  }

  /** Attempts at a row that somebody, here or on another node, was at already. */
  public Counter overlapsRefused(String kind) {
    return Counter.builder("yima_work_overlaps_refused")
        .description("Attempts at a piece of work that somebody else was at already")
        .tag(KIND, kind)
        .register(registry);
  }

  private DistributionSummary sizes(String name, String description, String kind) {
    return DistributionSummary.builder(name)
        .description(description)
        .tag(KIND, kind)
        .serviceLevelObjectives(SIZES)
        .register(registry);
  }
}
