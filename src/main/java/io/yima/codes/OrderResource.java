package io.yima.codes;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.FieldError;
import io.yima.api.Idempotent;
import io.yima.api.Problems;
import io.yima.api.Refuses;
import io.yima.codes.CodeApplication.Order;
import io.yima.security.Caller;
import io.yima.security.Scope;
import io.yima.tenancy.AuthorizerId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Orders codes for one merchant. */
@Path("/api/v1/authorizers/{authorizer_appid}/code-applications")
@Tag(name = "Code applications")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class OrderResource {

  private final Orders orders;
  private final SyncSettings settings;
  private final Caller caller;
  private final Clock clock;

  OrderResource(Orders orders, SyncSettings settings, Caller caller, Clock clock) {
    this.orders = orders;
    this.settings = settings;
    this.caller = caller;
    this.clock = clock;
  }

  @Operation(
      operationId = "orderCodes",
      summary = "Order codes",
      description =
          "Stored before WeChat is asked, which is waited for 8 seconds at most. The same isv_application_id with the same count is the same order, so repeating is safe. Without isv_application_id, Idempotency-Key is required and the id derives from it.")
  @APIResponse(
      responseCode = "200",
      description = "Ordered and confirmed before.",
      content = @Content(schema = @Schema(implementation = ApplicationView.class)))
  @APIResponse(
      responseCode = "201",
      description = "WeChat confirmed the order.",
      headers = @Header(name = "Location", ref = "Location"),
      content = @Content(schema = @Schema(implementation = ApplicationView.class)))
  @APIResponse(
      responseCode = "202",
      description =
          "Stored, not confirmed yet; Yima keeps at it. What is in the way stands in last_error.",
      content = @Content(schema = @Schema(implementation = ApplicationView.class)))
  @Refuses(status = 400, code = "body_required", when = "There is no body.")
  @Refuses(
      status = 400,
      code = "idempotency_key_required",
      when = "There is neither isv_application_id nor Idempotency-Key.")
  @Refuses(
      status = 404,
      code = "authorizer_not_found",
      when = "No such merchant has authorized this provider.")
  @Refuses(
      status = 409,
      code = "isv_application_id_conflict",
      when = "This isv_application_id stands for an order of another count.")
  @Refuses(
      status = 409,
      code = "authorizer_revoked",
      when = "The merchant's authorization does not hold.")
  @Refuses(
      status = 409,
      code = "permission_set_missing",
      when = "The merchant did not grant permission set 46 (微信一物一码).")
  @Refuses(
      status = 409,
      code = "account_type_unsupported",
      when = "Only service accounts (服务号) can order marketing codes.")
  @Refuses(
      status = 409,
      code = "application_withdrawn",
      when = "The order was withdrawn at this moment: order it again.")
  @Refuses(
      status = 422,
      code = "wechat_refused",
      when = "WeChat refused the order itself; ordering the same id again reopens it.",
      wechat = true)
  @Refuses(
      status = 429,
      code = "quota_exhausted",
      when = "The merchant's daily quota of this interface at WeChat is used up.")
  @POST
  @Idempotent
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Scope.WRITE)
  public Response order(
      @PathParam("authorizer_appid") String authorizerAppid,
      @HeaderParam("Idempotency-Key") @Nullable String idempotencyKey,
      @Nullable OrderRequest request) {
    AuthorizerId authorizer = caller.authorizer(authorizerAppid);
    if (request == null) {
      throw Problems.of(400, "body_required", "The request has no body.");
    }
    Long codeCount = request.codeCount();
    List<FieldError> broken =
        ApplicationRules.broken(codeCount, request.isvApplicationId(), request.label());
    if (codeCount == null || !broken.isEmpty()) {
      throw Problems.invalid(broken);
    }
    ApplicationKey key = key(authorizer, request.isvApplicationId(), idempotencyKey);
    Order order =
        new Order(
            codeCount, request.label(), caller.requestedBy(), caller.actor(), clock.instant());
    return response(orders.order(key, order));
  }

  private static ApplicationKey key(
      AuthorizerId authorizer, @Nullable String isvApplicationId, @Nullable String idempotencyKey) {
    if (isvApplicationId != null) {
      return new ApplicationKey(authorizer, isvApplicationId);
    }
    if (idempotencyKey == null) {
      throw Problems.of(
          400,
          "idempotency_key_required",
          "Send isv_application_id or the header Idempotency-Key, so that a repetition does not"
              + " order twice.");
    }
    return ApplicationKey.derived(authorizer, idempotencyKey);
  }

  private Response response(OrderAnswer answer) {
    ApplicationView view =
        ApplicationView.of(answer.application(), settings.schedule(), clock.instant());
    return switch (answer) {
      case OrderAnswer.Submitted _ ->
          Response.status(201).header("Location", location(view)).entity(view).build();
      case OrderAnswer.Pending _ -> Response.status(202).entity(view).build();
      case OrderAnswer.Existing _ -> Response.ok(view).build();
    };
  }

  private static String location(ApplicationView view) {
    return "/api/v1/authorizers/"
        + view.authorizerAppid()
        + "/code-applications/"
        + URLEncoder.encode(view.isvApplicationId(), StandardCharsets.UTF_8).replace("+", "%20");
  }
}
