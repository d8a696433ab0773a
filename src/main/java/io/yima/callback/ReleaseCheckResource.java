package io.yima.callback;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.callback.ReleaseCheckView.ProbeView;
import io.yima.provider.Components;
import io.yima.security.Caller;
import io.yima.security.Scope;
import io.yima.tenancy.ProviderId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Tells a provider how its platform answered WeChat's probes. */
@Path("/api/v1/provider/release-check")
@Tag(name = "Own provider")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ReleaseCheckResource {

  private final Caller caller;
  private final Components components;
  private final ReleaseChecks checks;

  ReleaseCheckResource(Caller caller, Components components, ReleaseChecks checks) {
    this.caller = caller;
    this.components = components;
    this.checks = checks;
  }

  @Operation(
      operationId = "getReleaseCheck",
      summary = "Tell how the release check went",
      description =
          "What WeChat's probe accounts (全网发布检测) last asked, and whether it was answered as they demand. Yima answers by itself.")
  @APIResponse(responseCode = "200", description = "The probes that came.")
  @GET
  @RolesAllowed(Scope.READ)
  public ReleaseCheckView releaseCheck() {
    ProviderId provider = caller.provider().id();
    return new ReleaseCheckView(
        components.ticketReceivedAt(provider).orElse(null),
        checks.list(provider).stream().map(ProbeView::of).toList());
  }
}
