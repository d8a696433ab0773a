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

/** A provider's own record. */
@Path("/api/v1/provider")
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

  @GET
  @RolesAllowed(Scope.READ)
  public OwnProviderView provider() {
    ProviderEntry provider = caller.provider();
    return OwnProviderView.of(provider, states.of(provider.id()), address, clock.instant());
  }
}
