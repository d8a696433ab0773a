package io.yima.security.audit;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.FieldError;
import io.yima.api.Page;
import io.yima.api.PageRequest;
import io.yima.api.Problems;
import io.yima.api.Times;
import io.yima.security.Scope;
import io.yima.tenancy.AuthorizerId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Collectors;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The audit trail, for operators. */
@Path("/api/v1/audit-events")
@Tag(name = "Audit trail")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class AuditEventResource {

  private static final String ACTIONS =
      Arrays.stream(AuditAction.values())
          .map(AuditAction::word)
          .collect(Collectors.joining(", ", "must be one of ", ""));

  private final AuditEvents events;

  AuditEventResource(AuditEvents events) {
    this.events = events;
  }

  @Operation(
      operationId = "listAuditEvents",
      summary = "List what keys did",
      description = "Newest first. Reads of tokens are counted by key, merchant and minute.")
  @APIResponse(responseCode = "200", description = "A page of events.")
  @GET
  @RolesAllowed(Scope.OPERATOR)
  public Page<AuditEventView> list(
      @Parameter(
              description = "Only events of this provider.",
              example = "wxa1b2c3d4e5f60718",
              schema = @Schema(pattern = AuthorizerId.PATTERN))
          @QueryParam("component_appid")
          @Nullable String componentAppid,
      @Parameter(
              description = "Only events that concern this merchant.",
              example = "wxdemo00merchant01",
              schema = @Schema(pattern = AuthorizerId.PATTERN))
          @QueryParam("authorizer_appid")
          @Nullable String authorizerAppid,
      @Parameter(
              description = "Only events of this kind.",
              example = "application.ordered",
              schema = @Schema(implementation = AuditAction.class))
          @QueryParam("action")
          @Nullable String action,
      @Parameter(
              description = "Only events of this key.",
              example = "0199d0c5-7a54-7c3e-9c1f-0d2b8a6f4e11")
          @QueryParam("key_id")
          @Nullable UUID keyId,
      @Parameter(
              description = "Only events from then on.",
              example = "2026-09-01T00:00:00Z",
              schema = @Schema(type = SchemaType.STRING, format = "date-time"))
          @QueryParam("from")
          @Nullable String from,
      @Parameter(
              description = "Only events before.",
              example = "2026-10-01T00:00:00Z",
              schema = @Schema(type = SchemaType.STRING, format = "date-time"))
          @QueryParam("to")
          @Nullable String to,
      @QueryParam("limit") @Nullable Integer limit,
      @QueryParam("after") @Nullable String after) {
    PageRequest page =
        PageRequest.of(
            limit,
            after,
            "audit-events",
            componentAppid,
            authorizerAppid,
            action,
            Objects.toString(keyId, null),
            from,
            to);
    List<FieldError> errors = new ArrayList<>();
    requireAppid("component_appid", componentAppid, errors);
    requireAppid("authorizer_appid", authorizerAppid, errors);
    AuditAction wanted = action == null ? null : AuditAction.of(action).orElse(null);
    if (action != null && wanted == null) {
      errors.add(new FieldError("action", ACTIONS));
    }
    AuditFilter filter =
        new AuditFilter(
            null,
            authorizerAppid,
            wanted,
            keyId,
            time("from", from, errors),
            time("to", to, errors));
    if (!errors.isEmpty()) {
      throw Problems.invalid(errors);
    }
    return events.page(componentAppid, filter, page);
  }

  private static void requireAppid(String field, @Nullable String text, List<FieldError> errors) {
    if (text != null && !AuthorizerId.isAppid(text)) {
      errors.add(new FieldError(field, "is not an appid"));
    }
  }

  private static @Nullable Instant time(
      String field, @Nullable String text, List<FieldError> errors) {
    try {
      return text == null ? null : Times.read(text);
    } catch (DateTimeException _) {
      errors.add(new FieldError(field, "must be an RFC 3339 time"));
      return null;
    }
  }
}
