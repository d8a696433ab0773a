package io.yima.authorizer;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** An entry of a merchant's history in answers. */
@JsonNaming(SnakeCaseStrategy.class)
@Schema(
    name = "AuthorizerEvent",
    description = "Something that changed of a merchant, and of which no push told.")
record AuthorizerEventView(
    @Schema(description = "When it was found.", examples = "2026-09-27T02:03:04.567890Z")
        Instant at,
    @Schema(
            description = "What.",
            examples = "permission_sets_changed",
            enumeration = {
              "permission_sets_changed",
              "account_type_changed",
              "account_status_changed"
            })
        String kind,
    @Schema(description = "As it was known here.", examples = "1,46") String from,
    @Schema(description = "As WeChat told it.", examples = "1") String to,
    @Schema(
            description = "On what occasion WeChat was asked.",
            examples = "reconciliation",
            enumeration = {"reconciliation", "readiness"})
        String foundBy,
    @Schema(description = "The node that found it.", examples = "yima-1") String node) {

  static AuthorizerEventView of(AuthorizerHistory.Stored stored) {
    return new AuthorizerEventView(
        stored.at(), stored.kind(), stored.from(), stored.to(), stored.foundBy(), stored.node());
  }
}
