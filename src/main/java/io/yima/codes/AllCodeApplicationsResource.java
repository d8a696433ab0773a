package io.yima.codes;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.Page;
import io.yima.api.PageRequest;
import io.yima.security.Caller;
import io.yima.security.Scope;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.time.Instant;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Lists the applications of all merchants of a provider. */
@Path("/api/v1/code-applications")
@Tag(name = "Code applications")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class AllCodeApplicationsResource {

  private final CodeApplications applications;
  private final SyncSettings settings;
  private final Caller caller;
  private final Clock clock;

  AllCodeApplicationsResource(
      CodeApplications applications, SyncSettings settings, Caller caller, Clock clock) {
    this.applications = applications;
    this.settings = settings;
    this.caller = caller;
    this.clock = clock;
  }

  @Operation(
      operationId = "searchCodeApplications",
      summary = "List the applications of all merchants",
      description = "Newest first.")
  @APIResponse(responseCode = "200", description = "A page of applications.")
  @GET
  @RolesAllowed(Scope.READ)
  public Page<ApplicationView> list(
      @Parameter(
              description = "Only applications of this merchant.",
              example = "wxdemo00merchant01",
              schema = @Schema(pattern = AuthorizerId.PATTERN))
          @QueryParam("authorizer_appid")
          @Nullable String authorizerAppid,
      @BeanParam FilterQuery query) {
    ProviderId provider = caller.provider().id();
    ApplicationFilter filter = query.filter(authorizerAppid, caller.onlyAuthorizers().orElse(null));
    if (authorizerAppid != null) {
      // Refuses a key that is restricted to other merchants.
      AuthorizerId _ = caller.authorizer(authorizerAppid);
    }
    PageRequest page = query.page(filter, caller.sight());
    Instant now = clock.instant();
    return applications
        .page(provider, filter, page)
        .map(row -> ApplicationView.of(row, settings.schedule(), now));
  }
}
