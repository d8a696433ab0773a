package io.yima.observability;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.yima.api.Stopping;
import io.yima.database.DatabaseWatch;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Whether this node may be sent requests: the database answers and nobody has told it to stop. It
 * asks nobody, so that it says so at once when the database no longer answers.
 */
@Readiness
@ApplicationScoped
class ReadinessCheck implements HealthCheck {

  private final DatabaseWatch database;
  private final Stopping stopping;

  ReadinessCheck(DatabaseWatch database, Stopping stopping) {
    this.database = database;
    this.stopping = stopping;
  }

  void register(@Observes StartupEvent started, MeterRegistry meters) {
    Gauge.builder("yima_database_reachable", () -> database.isReachable() ? 1 : 0)
        .description("1 while the database answers this node")
        .register(meters);
  }

  @Override
  public HealthCheckResponse call() {
    return HealthCheckResponse.named("ready")
        .withData("database", database.isReachable() ? "reachable" : "gone")
        .withData("stopping", stopping.hasBegun())
        .status(database.isReachable() && !stopping.hasBegun())
        .build();
  }
}
