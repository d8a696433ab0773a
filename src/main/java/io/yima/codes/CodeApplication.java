package io.yima.codes;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A row of the ledger: one order for a batch of codes.
 *
 * @param leased whether some node is talking with WeChat about it at this moment
 */
public record CodeApplication(
    ApplicationKey key, Order order, Progress progress, long generation, boolean leased) {

  /**
   * What was ordered, and by whom.
   *
   * @param requestedBy the API key, by its name and shown prefix
   * @param actor whom the caller acted for, when it said so
   */
  public record Order(
      long codeCount,
      @Nullable String label,
      String requestedBy,
      @Nullable String actor,
      Instant requestedAt) {}

  public ApplicationState state() {
    return progress.state();
  }

  CodeApplication with(Progress after) {
    return new CodeApplication(key, order, after, generation, false);
  }
}
