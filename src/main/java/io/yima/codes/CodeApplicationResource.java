package io.yima.codes;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.Page;
import io.yima.api.PageQuery;
import io.yima.api.PageRequest;
import io.yima.api.Refuses;
import io.yima.security.Caller;
import io.yima.security.Scope;
import io.yima.tenancy.AuthorizerId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Tells what became of one merchant's orders. */
@Path("/api/v1/authorizers/{authorizer_appid}/code-applications")
@Tag(name = "Code applications")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
@Refuses(
    status = 404,
    code = "authorizer_not_found",
    when = "The appid cannot be one, or no such merchant has authorized this provider.")
public class CodeApplicationResource {

  private final CodeApplications applications;
  private final SyncSettings settings;
  private final Caller caller;
  private final Clock clock;

  CodeApplicationResource(
      CodeApplications applications, SyncSettings settings, Caller caller, Clock clock) {
    this.applications = applications;
    this.settings = settings;
    this.caller = caller;
    this.clock = clock;
  }

  @Operation(
      operationId = "listCodeApplications",
      summary = "List a merchant's applications",
      description = "Newest first.")
  @APIResponse(responseCode = "200", description = "A page of applications.")
  @GET
  @RolesAllowed(Scope.READ)
  public Page<ApplicationView> list(
      @PathParam("authorizer_appid") String authorizerAppid, @BeanParam FilterQuery query) {
    AuthorizerId authorizer = caller.authorizer(authorizerAppid);
    ApplicationFilter filter = query.filter(authorizerAppid, null);
    PageRequest page = query.page(filter, caller.sight());
    return applications.page(authorizer, filter, page).map(this::view);
  }

  @Operation(
      operationId = "getCodeApplicationHistory",
      summary = "Tell an application's history",
      description = "Oldest first.")
  @APIResponse(responseCode = "200", description = "A page of what happened.")
  @Refuses(
      status = 404,
      code = "code_application_not_found",
      when = "This merchant has no such application.")
  @GET
  @Path("/{isv_application_id}/history")
  @RolesAllowed(Scope.READ)
  public Page<EventView> history(
      @PathParam("authorizer_appid") String authorizerAppid,
      @PathParam("isv_application_id") String isvApplicationId,
      @BeanParam PageQuery query) {
    ApplicationKey key = key(authorizerAppid, isvApplicationId);
    PageRequest page = query.page("history", caller.sight(), authorizerAppid, isvApplicationId);
    return applications.history(key, page).map(EventView::of);
  }

  @Operation(operationId = "getCodeApplication", summary = "Show an application")
  @APIResponse(responseCode = "200", description = "The application.")
  @Refuses(
      status = 404,
      code = "code_application_not_found",
      when = "This merchant has no such application.")
  @GET
  @Path("/{isv_application_id}")
  @RolesAllowed(Scope.READ)
  public ApplicationView application(
      @PathParam("authorizer_appid") String authorizerAppid,
      @PathParam("isv_application_id") String isvApplicationId) {
    return view(applications.find(key(authorizerAppid, isvApplicationId)));
  }

  @Operation(
      operationId = "syncCodeApplication",
      summary = "Turn to WeChat now",
      description =
          "Sends an order that is not confirmed, or asks for the status of one that is. Does nothing when the application is over or somebody is at it already. Waits for WeChat for 8 seconds at most.")
  @APIResponse(responseCode = "200", description = "The application as it is now.")
  @Refuses(
      status = 404,
      code = "code_application_not_found",
      when = "This merchant has no such application.")
  @Refuses(
      status = 429,
      code = "quota_exhausted",
      when = "The merchant's daily quota of this interface at WeChat is used up.")
  @POST
  @Path("/{isv_application_id}/sync")
  @RolesAllowed(Scope.WRITE)
  public ApplicationView sync(
      @PathParam("authorizer_appid") String authorizerAppid,
      @PathParam("isv_application_id") String isvApplicationId) {
    return view(applications.sync(key(authorizerAppid, isvApplicationId)));
  }

  @Operation(
      operationId = "withdrawCodeApplication",
      summary = "Take an order back",
      description =
          "Only while nothing was ever sent to WeChat. Without effect on one that is withdrawn.")
  @APIResponse(responseCode = "200", description = "The withdrawn application.")
  @Refuses(
      status = 404,
      code = "code_application_not_found",
      when = "This merchant has no such application.")
  @Refuses(
      status = 409,
      code = "application_already_sent",
      when = "WeChat may know the application already.")
  @POST
  @Path("/{isv_application_id}/withdraw")
  @RolesAllowed(Scope.WRITE)
  public ApplicationView withdraw(
      @PathParam("authorizer_appid") String authorizerAppid,
      @PathParam("isv_application_id") String isvApplicationId) {
    return view(
        applications.withdraw(
            key(authorizerAppid, isvApplicationId), caller.requestedBy(), caller.actor()));
  }

  private ApplicationKey key(String authorizerAppid, String isvApplicationId) {
    return ApplicationKey.named(caller.authorizer(authorizerAppid), isvApplicationId);
  }

  private ApplicationView view(CodeApplication application) {
    return ApplicationView.of(application, settings.schedule(), clock.instant());
  }
}
