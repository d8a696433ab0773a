package io.yima.provider;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.Idempotent;
import io.yima.api.Page;
import io.yima.api.PageRequest;
import io.yima.api.PublicAddress;
import io.yima.security.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PATCH;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Providers, for operators. */
@Path("/api/v1/providers")
@RunOnVirtualThread
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
public class ProviderResource {

  private final ProviderService service;
  private final ProviderList list;
  private final PublicAddress address;

  ProviderResource(ProviderService service, ProviderList list, PublicAddress address) {
    this.service = service;
    this.list = list;
    this.address = address;
  }

  @POST
  @Idempotent
  @RolesAllowed(Scope.OPERATOR)
  public RestResponse<ProviderView> register(@NotNull RegisterProvider request) {
    ProviderRecord provider = service.register(request);
    return RestResponse.ResponseBuilder.create(
            RestResponse.Status.CREATED, ProviderView.registered(provider, address))
        .location(URI.create("/api/v1/providers/" + provider.componentAppid()))
        .build();
  }

  @GET
  @RolesAllowed(Scope.OPERATOR)
  public Page<ProviderView> providers(
      @QueryParam("limit") @Nullable Integer limit, @QueryParam("after") @Nullable String after) {
    return list.page(PageRequest.of(limit, after, "providers"));
  }

  @GET
  @Path("/{component_appid}")
  @RolesAllowed(Scope.OPERATOR)
  public ProviderView provider(@PathParam("component_appid") String componentAppid) {
    return ProviderView.of(service.find(componentAppid), address);
  }

  @PATCH
  @Path("/{component_appid}")
  @RolesAllowed(Scope.OPERATOR)
  public ProviderView change(
      @PathParam("component_appid") String componentAppid, @NotNull ChangeProvider request) {
    return ProviderView.of(service.change(componentAppid, request), address);
  }

  @DELETE
  @Path("/{component_appid}")
  @RolesAllowed(Scope.OPERATOR)
  public void archive(@PathParam("component_appid") String componentAppid) {
    service.archive(componentAppid);
  }
}
