package io.yima.observability;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A node as operators see it.
 *
 * @param leases how many pieces of due work it holds, by kind; of a node that is gone, those that
 *     have not run out yet
 */
@JsonNaming(SnakeCaseStrategy.class)
record NodeView(
    String name,
    String version,
    State state,
    Instant startedAt,
    Instant seenAt,
    @Nullable Instant stoppedAt,
    Map<String, Integer> leases) {

  enum State {
    /** It was seen within the last minute and a half. */
    RUNNING,
    /** It said that it stops. */
    STOPPED,
    /** It fell silent: killed, or cut off from the database. */
    GONE
  }
}
