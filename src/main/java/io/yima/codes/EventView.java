package io.yima.codes;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An entry of an application's history in answers; the kinds are those of {@link EventKind}. */
@JsonNaming(SnakeCaseStrategy.class)
record EventView(
    Instant at,
    String kind,
    @Nullable String from,
    @Nullable String to,
    @Nullable Integer errcode,
    @Nullable String errmsg,
    @Nullable String rid,
    @Nullable String detail,
    @Nullable String actor,
    String node) {

  static EventView of(History.Stored event) {
    return new EventView(
        event.at(),
        event.kind(),
        event.fromState(),
        event.toState(),
        event.errcode(),
        event.errmsg(),
        event.rid(),
        event.detail(),
        event.actor(),
        event.node());
  }
}
