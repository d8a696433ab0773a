package io.yima.secrets;

import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Opens sealed columns for background work, which must not stop at one row that is damaged: what
 * does not open is told in the log, counted for an alarm, and given as absent.
 */
@Singleton
public class Unsealer {

  /** The word in {@code last_error} of a row that cannot be worked on for that reason. */
  public static final String UNSEAL_FAILED = "unseal_failed";

  private static final Logger LOG = Logger.getLogger(Unsealer.class);

  private final Sealer sealer;
  private final MeterRegistry registry;

  Unsealer(Sealer sealer, MeterRegistry registry) {
    this.sealer = sealer;
    this.registry = registry;
  }

  /** The secret that was sealed for this place; null when there is none, or it does not open. */
  public @Nullable Secret open(SecretPlace place, byte @Nullable [] sealed) {
    try {
      return sealer.openNullable(place, sealed);
    } catch (UnsealFailed e) {
      LOG.error(e.getMessage());
      registry.counter("yima_unseal_failures", "purpose", place.purpose()).increment();
      return null;
    }
  }
}
