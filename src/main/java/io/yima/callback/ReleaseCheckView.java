package io.yima.callback;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.yima.work.LastError;
import java.time.Instant;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** How WeChat's release check went, as far as it came here. */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(name = "ReleaseCheck", description = "What came of WeChat's release check (全网发布检测).")
record ReleaseCheckView(
    @Schema(
            description = "When a verify ticket last came and was answered; null: never yet.",
            examples = "2026-09-27T02:03:04.567890Z")
        @Nullable Instant ticketReceivedAt,
    @Schema(description = "The last question of each kind by each probe account, newest first.")
        List<ProbeView> probes) {

  /** How a probe stands. */
  enum State {
    @JsonProperty("ANSWERED")
    ANSWERED,
    @JsonProperty("PENDING")
    PENDING,
    @JsonProperty("FAILED")
    FAILED
  }

  /** One question. */
  @JsonNaming(SnakeCaseStrategy.class)
  @Schema(name = "ReleaseProbe", description = "A question of one of WeChat's probe accounts.")
  record ProbeView(
      @Schema(
              description =
                  "TEXT and EVENT want a reply within the answer; API wants a customer-service message.",
              examples = "TEXT")
          Probe.Kind probe,
      @Schema(description = "The probe account.", examples = "wx570bc396a51b8ff8")
          String authorizerAppid,
      @Schema(
              description = "PENDING: the call is still to be made. FAILED: see last_error.",
              examples = "ANSWERED")
          State state,
      @Schema(description = "When it came.", examples = "2026-09-27T02:03:04.567890Z")
          Instant receivedAt,
      @Schema(
              description = "When it was answered as WeChat demands.",
              examples = "2026-09-27T02:03:05.567890Z")
          @Nullable Instant answeredAt,
      @Nullable LastError lastError) {

    static ProbeView of(ReleaseChecks.Result result) {
      State open = result.lastError() == null ? State.PENDING : State.FAILED;
      return new ProbeView(
          result.probe(),
          result.authorizerAppid(),
          result.answeredAt() == null ? open : State.ANSWERED,
          result.receivedAt(),
          result.answeredAt(),
          result.lastError());
    }
  }
}
