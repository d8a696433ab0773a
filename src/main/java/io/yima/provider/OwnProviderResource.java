package io.yima.provider;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.PublicAddress;
import io.yima.security.Caller;
import io.yima.security.Scope;
import io.yima.tenancy.ProviderEntry;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** A provider's own record. */
@Path("/api/v1/provider")
@Tag(name = "Own provider")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class OwnProviderResource {

  private final Caller caller;
  private final ComponentStates states;
  private final PublicAddress address;
  private final Clock clock;

  OwnProviderResource(Caller caller, ComponentStates states, PublicAddress address, Clock clock) {
    this.caller = caller;
    this.states = states;
    this.address = address;
    this.clock = clock;
  }

  @Operation(
      operationId = "getOwnProvider",
      summary = "Show the own provider",
      description = "Its addresses, and how its ticket and its component token stand.")
  @APIResponse(responseCode = "200", description = "The provider.")
  @GET
  @RolesAllowed(Scope.READ)
  public OwnProviderView provider() {
    ProviderEntry provider = caller.provider();
    return OwnProviderView.of(provider, states.of(provider.id()), address, clock.instant());
  }
}
