package io.yima.codes;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.Page;
import io.yima.api.PageRequest;
import io.yima.security.Caller;
import io.yima.security.Scope;
import io.yima.tenancy.AuthorizerId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.time.Clock;

/** Tells what became of one merchant's orders. */
@Path("/api/v1/authorizers/{authorizer_appid}/code-applications")
@RunOnVirtualThread
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

  @GET
  @RolesAllowed(Scope.READ)
  public Page<ApplicationView> list(
      @PathParam("authorizer_appid") String authorizerAppid, @BeanParam FilterQuery query) {
    AuthorizerId authorizer = caller.authorizer(authorizerAppid);
    ApplicationFilter filter = query.filter(authorizerAppid, null);
    PageRequest page = query.page(filter, caller.sight());
    applications.requireAuthorizer(authorizer);
    return applications.page(authorizer.provider(), filter, page).map(this::view);
  }

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

  @GET
  @Path("/{isv_application_id}")
  @RolesAllowed(Scope.READ)
  public ApplicationView application(
      @PathParam("authorizer_appid") String authorizerAppid,
      @PathParam("isv_application_id") String isvApplicationId) {
    return view(applications.find(key(authorizerAppid, isvApplicationId)));
  }

  @POST
  @Path("/{isv_application_id}/sync")
  @RolesAllowed(Scope.WRITE)
  public ApplicationView sync(
      @PathParam("authorizer_appid") String authorizerAppid,
      @PathParam("isv_application_id") String isvApplicationId) {
    return view(applications.sync(key(authorizerAppid, isvApplicationId)));
  }

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
    AuthorizerId authorizer = caller.authorizer(authorizerAppid);
    if (!ApplicationRules.isId(isvApplicationId)) {
      throw CodeApplications.notFound();
    }
    return new ApplicationKey(authorizer, isvApplicationId);
  }

  private ApplicationView view(CodeApplication application) {
    return ApplicationView.of(application, settings.schedule(), clock.instant());
  }
}
