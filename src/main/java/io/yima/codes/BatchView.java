package io.yima.codes;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** What became of a batch, in the order in which it was sent. */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(name = "BatchAnswer", description = "What became of a batch, in its own order.")
record BatchView(@Schema(description = "One entry an order.") List<ItemView> items) {

  BatchView {
    items = List.copyOf(items);
  }

  /** One order's. */
  @JsonNaming(SnakeCaseStrategy.class)
  @Schema(name = "BatchOutcome", description = "What became of one order of a batch.")
  record ItemView(
      @Schema(description = "The merchant.", examples = "wxdemo00merchant01")
          String authorizerAppid,
      @Schema(description = "The caller's id.", examples = "spring-tea-1") String isvApplicationId,
      @Schema(
              description =
                  "accepted: stored, and sent in the background. exists: the same order was there before.",
              examples = "accepted",
              enumeration = {"accepted", "exists"})
          BatchOutcome outcome,
      @Schema(description = "How far the application is.", examples = "SUBMITTING")
          ApplicationState state) {

    static ItemView of(ApplicationKey key, BatchOutcome outcome, ApplicationState state) {
      return new ItemView(
          key.authorizer().authorizerAppid(), key.isvApplicationId(), outcome, state);
    }
  }
}
