package io.yima.packages;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.Page;
import io.yima.api.PageQuery;
import io.yima.api.PageRequest;
import io.yima.api.Refuses;
import io.yima.codes.ApplicationKey;
import io.yima.security.Caller;
import io.yima.security.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Tells which packages of an application's codes are stored, and what is in the way of others. */
@Path("/api/v1/authorizers/{authorizer_appid}/code-applications/{isv_application_id}/packages")
@Tag(name = "Codes")
@RunOnVirtualThread
@Refuses(
    status = 404,
    code = "authorizer_not_found",
    when = "The appid cannot be one, or no such merchant has authorized this provider.")
@Refuses(
    status = 404,
    code = "code_application_not_found",
    when = "This merchant has no such application.")
public class PackageResource {

  private final StoredCodes codes;
  private final Caller caller;

  PackageResource(StoredCodes codes, Caller caller) {
    this.codes = codes;
    this.caller = caller;
  }

  @Operation(
      operationId = "listCodePackages",
      summary = "List an application's packages",
      description = "One for each range that WeChat named when it finished, in order.")
  @APIResponse(responseCode = "200", description = "A page of packages.")
  @GET
  @Produces(MediaType.APPLICATION_JSON)
  @RolesAllowed(Scope.READ)
  public Page<PackageView> packages(
      @PathParam("authorizer_appid") String authorizerAppid,
      @PathParam("isv_application_id") String isvApplicationId,
      @BeanParam PageQuery query) {
    ApplicationKey key = ApplicationKey.named(caller.authorizer(authorizerAppid), isvApplicationId);
    PageRequest page = query.page("packages", caller.sight(), authorizerAppid, isvApplicationId);
    return codes.packages(key, page).map(PackageView::of);
  }
}
