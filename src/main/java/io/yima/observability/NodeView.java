package io.yima.observability;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A node as operators see it.
 *
 * @param leases how many pieces of due work it holds, by kind; of a node that is gone, those that
 *     have not run out yet
 */
@Schema(name = "Node", description = "A process of this deployment.")
@JsonNaming(SnakeCaseStrategy.class)
public record NodeView(
    @Schema(description = "Its name; no other process has it.", examples = "yima-1-4711-0c9d2f3e")
        String name,
    @Schema(description = "The version that it runs.", examples = "0.1.0") String version,
    @Schema(
            description =
                "RUNNING: seen within the last minute and a half. STOPPED: it said that it stops."
                    + " GONE: it fell silent, killed or cut off from the database.",
            examples = "RUNNING")
        State state,
    @Schema(description = "When it started.", examples = "2026-09-27T02:03:04.567890Z")
        Instant startedAt,
    @Schema(description = "When it was last seen.", examples = "2026-09-27T02:33:04.567890Z")
        Instant seenAt,
    @Schema(description = "When it stopped.", examples = "2026-09-27T02:33:04.567890Z")
        @Nullable Instant stoppedAt,
    @Schema(
            description = "How many pieces of due work it holds under a lease, by kind of work.",
            examples = "{\"token-refresh\": 12}")
        Map<String, Integer> leases) {

  /** Whether a node runs. */
  public enum State {
    RUNNING,
    STOPPED,
    GONE
  }
}
