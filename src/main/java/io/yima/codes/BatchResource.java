package io.yima.codes;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.Idempotent;
import io.yima.api.Problems;
import io.yima.api.Refuses;
import io.yima.security.Caller;
import io.yima.security.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Orders codes for many merchants at once. */
@Path("/api/v1/code-applications/batch")
@Tag(name = "Code applications")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class BatchResource {

  private final BatchOrders orders;
  private final Caller caller;
  private final Clock clock;

  BatchResource(BatchOrders orders, Caller caller, Clock clock) {
    this.orders = orders;
    this.caller = caller;
    this.clock = clock;
  }

  @Operation(
      operationId = "orderCodesInBatch",
      summary = "Order codes for many merchants",
      description =
          "All orders are stored, or none; then they are sent in the background, merchants in turn. An item that breaks a rule or conflicts with what is stored is 422, naming items[3].code_count, or lines[5].code_count in CSV, where the header is line 1; all such are told at once. Orders that were there before are left as they are, so repeating is safe.")
  @APIResponse(
      responseCode = "202",
      description = "All are stored.",
      content = @Content(schema = @Schema(implementation = BatchView.class)))
  @Refuses(status = 400, code = "body_required", when = "There is no body, or an empty file.")
  @Refuses(
      status = 400,
      code = "invalid_csv",
      when = "The file is not UTF-8, or a quote in it is not closed.")
  @Refuses(
      status = 403,
      code = "authorizer_not_allowed",
      when = "The API key is restricted to other authorizers than one of those named.")
  @POST
  @Idempotent(acceptedIsFinal = true)
  @Consumes({MediaType.APPLICATION_JSON, CsvOrders.MEDIA_TYPE})
  @RolesAllowed(Scope.WRITE)
  @ResponseStatus(202)
  public BatchView order(
      @RequestBody(
              content = {
                @Content(
                    mediaType = MediaType.APPLICATION_JSON,
                    schema = @Schema(implementation = OrderBatch.class)),
                @Content(
                    mediaType = CsvOrders.MEDIA_TYPE,
                    schema =
                        @Schema(
                            type = SchemaType.STRING,
                            description =
                                "UTF-8, a header with the names of the fields, commas between them."),
                    example =
                        """
                        authorizer_appid,code_count,isv_application_id,label
                        wxdemo00merchant01,50000,spring-tea-1,明前龙井
                        """)
              })
          @Nullable OrderBatch batch) {
    if (batch == null) {
      throw Problems.of(400, "body_required", "The request has no body.");
    }
    return orders.order(caller.provider().id(), BatchRules.check(batch, caller, clock.instant()));
  }
}
