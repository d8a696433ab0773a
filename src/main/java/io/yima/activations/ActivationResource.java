package io.yima.activations;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.activations.CodeActivation.Wish;
import io.yima.api.FieldError;
import io.yima.api.Idempotent;
import io.yima.api.Page;
import io.yima.api.PageQuery;
import io.yima.api.PageRequest;
import io.yima.api.Problems;
import io.yima.api.Refuses;
import io.yima.codes.ApplicationKey;
import io.yima.security.Caller;
import io.yima.security.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
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
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Binds ranges of an application's codes to products and pages. */
@Path("/api/v1/authorizers/{authorizer_appid}/code-applications/{isv_application_id}")
@Tag(name = "Activations")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
@Refuses(
    status = 404,
    code = "authorizer_not_found",
    when = "The appid cannot be one, or no such merchant has authorized this provider.")
@Refuses(
    status = 404,
    code = "code_application_not_found",
    when = "This merchant has no such application.")
public class ActivationResource {

  private final Activations activations;
  private final Accounts accounts;
  private final Caller caller;
  private final Clock clock;

  ActivationResource(Activations activations, Accounts accounts, Caller caller, Clock clock) {
    this.activations = activations;
    this.accounts = accounts;
    this.caller = caller;
    this.clock = clock;
  }

  @Operation(
      operationId = "activateCodes",
      summary = "Activate codes",
      description =
          "Binds a range of codes that are ready to a product and a page. Stored, cut along WeChat's ranges, before WeChat is told, which is waited for 8 seconds at most. Codes that another activation has are refused unless replace is true.")
  @APIResponse(
      responseCode = "201",
      description = "WeChat bound the codes; state says whether it was all of them.",
      headers = @Header(name = "Location", ref = "Location"),
      content = @Content(schema = @Schema(implementation = ActivationView.class)))
  @APIResponse(
      responseCode = "202",
      description =
          "Stored, not confirmed yet; Yima keeps at it. What is in the way stands in last_error.",
      headers = @Header(name = "Location", ref = "Location"),
      content = @Content(schema = @Schema(implementation = ActivationView.class)))
  @Refuses(status = 400, code = "body_required", when = "There is no body.")
  @Refuses(
      status = 409,
      code = "code_application_not_finished",
      when = "The application's codes are not ready.")
  @Refuses(
      status = 409,
      code = "activation_overlap",
      when = "Another activation has some of the codes, and replace is not true.")
  @Refuses(
      status = 409,
      code = "activation_under_way",
      when = "WeChat is being told of some of the codes at this moment.")
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
      when = "Only service accounts (服务号) have marketing codes.")
  @Refuses(
      status = 422,
      code = "wechat_refused",
      when = "WeChat refused all of it; the codes can be activated otherwise.",
      wechat = true)
  @Refuses(
      status = 429,
      code = "quota_exhausted",
      when = "The merchant's daily quota of this interface at WeChat is used up.")
  @POST
  @Path("/activations")
  @Idempotent
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Scope.WRITE)
  public Response activate(
      @PathParam("authorizer_appid") String authorizerAppid,
      @PathParam("isv_application_id") String isvApplicationId,
      @Nullable ActivationRequest request) {
    ApplicationKey key = key(authorizerAppid, isvApplicationId);
    if (request == null) {
      throw Problems.of(400, "body_required", "The request has no body.");
    }
    List<FieldError> broken = ActivationRules.broken(request);
    if (!broken.isEmpty()) {
      throw Problems.invalid(broken);
    }
    Wish wish =
        ActivationRules.wish(request, caller.requestedBy(), caller.actor(), clock.instant());
    ActivationView view = ActivationView.of(activations.activate(key, wish));
    return Response.status(view.state() == ActivationState.ACTIVATING ? 202 : 201)
        .header("Location", location(view))
        .entity(view)
        .build();
  }

  @Operation(
      operationId = "listActivations",
      summary = "List an application's activations",
      description = "Newest first. Of codes that several bound, the one confirmed last counts.")
  @APIResponse(responseCode = "200", description = "A page of activations, without their slices.")
  @GET
  @Path("/activations")
  @RolesAllowed(Scope.READ)
  public Page<ActivationView> list(
      @PathParam("authorizer_appid") String authorizerAppid,
      @PathParam("isv_application_id") String isvApplicationId,
      @BeanParam PageQuery query) {
    ApplicationKey key = key(authorizerAppid, isvApplicationId);
    PageRequest page = query.page("activations", caller.sight(), authorizerAppid, isvApplicationId);
    return activations.page(key, page).map(ActivationView::of);
  }

  @Operation(operationId = "getActivation", summary = "Show an activation")
  @APIResponse(responseCode = "200", description = "The activation with its slices.")
  @Refuses(
      status = 404,
      code = "activation_not_found",
      when = "This application has no such activation.")
  @GET
  @Path("/activations/{activation_id}")
  @RolesAllowed(Scope.READ)
  public ActivationView activation(
      @PathParam("authorizer_appid") String authorizerAppid,
      @PathParam("isv_application_id") String isvApplicationId,
      @PathParam("activation_id") String activationId) {
    ApplicationKey key = key(authorizerAppid, isvApplicationId);
    return ActivationView.of(activations.find(key, id(activationId)));
  }

  @Operation(
      operationId = "getCodeAccounting",
      summary = "Account for an application's codes",
      description =
          "Every code stands once, at the furthest it has come: free, generated, downloaded or activated. The counts add up to code_count.")
  @APIResponse(responseCode = "200", description = "Where all its codes are.")
  @GET
  @Path("/accounting")
  @RolesAllowed(Scope.READ)
  public AccountView accounting(
      @PathParam("authorizer_appid") String authorizerAppid,
      @PathParam("isv_application_id") String isvApplicationId) {
    ApplicationKey key = key(authorizerAppid, isvApplicationId);
    return AccountView.of(key, accounts.of(key));
  }

  private ApplicationKey key(String authorizerAppid, String isvApplicationId) {
    return ApplicationKey.named(caller.authorizer(authorizerAppid), isvApplicationId);
  }

  private static UUID id(String text) {
    try {
      return UUID.fromString(text);
    } catch (IllegalArgumentException _) {
      throw Activations.notFound();
    }
  }

  private static String location(ActivationView view) {
    return "/api/v1/authorizers/"
        + view.authorizerAppid()
        + "/code-applications/"
        + URLEncoder.encode(view.isvApplicationId(), StandardCharsets.UTF_8).replace("+", "%20")
        + "/activations/"
        + view.id();
  }
}
