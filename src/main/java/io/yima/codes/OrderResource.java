package io.yima.codes;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.FieldError;
import io.yima.api.Idempotent;
import io.yima.api.Problems;
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
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Orders codes for one merchant. */
@Path("/api/v1/authorizers/{authorizer_appid}/code-applications")
@RunOnVirtualThread
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
