package io.yima.security.audit;

import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/**
 * An event as operators see it.
 *
 * @param lastAt when it happened last, where several are counted in one
 */
@Schema(name = "AuditEvent", description = "Something that a key did.")
public record AuditEventView(
    @Schema(description = "Names the event.", examples = "0199d0c5-7a54-7c3e-9c1f-0d2b8a6f4e55")
        UUID id,
    @Schema(description = "When it happened.", examples = "2026-09-27T02:03:04.567890Z") Instant at,
    @Schema(
            description = "When it happened last, where several are counted in one.",
            examples = "2026-09-27T02:03:04.567890Z")
        Instant lastAt,
    @Schema(description = "How often it happened.", examples = "1", minimum = "1") long count,
    @Schema(
            implementation = AuditAction.class,
            description = "What was done.",
            examples = "application.ordered")
        String action,
    @Schema(description = "The provider that it was done for.", examples = "wxa1b2c3d4e5f60718")
        String componentAppid,
    @Schema(description = "The merchant, where it concerns one.", examples = "wxdemo00merchant01")
        @Nullable String authorizerAppid,
    @Schema(
            description = "What it was done to: the id of an application, a key, a link.",
            examples = "spring-tea-1")
        @Nullable String object,
    Key key,
    @Schema(description = "The Yima-Actor of the request.", examples = "li.lei")
        @Nullable String actor,
    @Schema(
            description = "The id of the request.",
            examples = "0199d0c5-7a54-7c3e-9c1f-0d2b8a6f4e22")
        String requestId,
    @Schema(description = "The node that did it.", examples = "yima-1") String node,
    @Schema(description = "More, for people.", examples = "code_count 50000")
        @Nullable String detail) {

  /**
   * The key that did it.
   *
   * @param id null: the operator's bootstrap key
   * @param name its name and shown prefix
   */
  @Schema(name = "AuditKey", description = "The key that did it.")
  public record Key(
      @Schema(
              description = "Its id; null: the operator's bootstrap key.",
              examples = "0199d0c5-7a54-7c3e-9c1f-0d2b8a6f4e11")
          @Nullable UUID id,
      @Schema(
              description = "Its name and the part that is shown.",
              examples = "erp (yima_pk_Zk3x9a)")
          String name) {}
}
