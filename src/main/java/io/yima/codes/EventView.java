package io.yima.codes;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** An entry of an application's history in answers; the kinds are those of {@link EventKind}. */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(name = "CodeApplicationEvent", description = "Something that happened to an application.")
record EventView(
    @Schema(description = "When.", examples = "2026-09-27T02:03:04.567890Z") Instant at,
    @Schema(
            description = "What.",
            examples = "blocked",
            enumeration = {
              "requested",
              "reopened",
              "submitted",
              "submit_failed",
              "rejected",
              "status_changed",
              "finished",
              "sync_failed",
              "blocked",
              "recovered",
              "woken",
              "withdrawn",
              "codes_stored",
              "codes_failed",
              "activation_requested",
              "activated",
              "activation_failed",
              "bar_code_review",
              "activation_blocked",
              "activation_rejected",
              "activation_replaced"
            })
        String kind,
    @Schema(
            description = "The state before.",
            examples = "SUBMITTING",
            implementation = ApplicationState.class)
        @Nullable String from,
    @Schema(
            description = "The state after.",
            examples = "SUBMITTING",
            implementation = ApplicationState.class)
        @Nullable String to,
    @Schema(description = "WeChat's number, when it gave one.", examples = "61004")
        @Nullable Integer errcode,
    @Schema(description = "WeChat's text.", examples = "access clientip is not registered")
        @Nullable String errmsg,
    @Schema(description = "WeChat's name for the call.", examples = "66f2a1b0-5c2d1e3f-1a2b3c4d")
        @Nullable String rid,
    @Schema(
            description = "More, for people.",
            examples = "Add this server's address to the IP whitelist of the platform.")
        @Nullable String detail,
    @Schema(description = "The Yima-Actor of the request.", examples = "li.lei")
        @Nullable String actor,
    @Schema(description = "The node that wrote it.", examples = "yima-1") String node) {

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
