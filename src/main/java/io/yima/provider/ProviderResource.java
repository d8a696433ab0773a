package io.yima.provider;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.Idempotent;
import io.yima.api.Page;
import io.yima.api.PageRequest;
import io.yima.api.PublicAddress;
import io.yima.api.Refuses;
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
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jspecify.annotations.Nullable;

/** Providers, for operators. */
@Path("/api/v1/providers")
@Tag(name = "Providers")
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

  @Operation(
      operationId = "registerProvider",
      summary = "Register a provider",
      description =
          "Sealed and stored; WeChat is not asked. Enter the answered addresses in WeChat's console afterwards.")
  @APIResponse(
      responseCode = "201",
      description = "Registered.",
      headers = @Header(name = "Location", ref = "Location"),
      content = @Content(schema = @Schema(implementation = ProviderView.class)))
  @Refuses(
      status = 409,
      code = "provider_exists",
      when = "A provider with this component_appid is registered.")
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

  @Operation(
      operationId = "listProviders",
      summary = "List all providers",
      description = "By component_appid, archived ones too.")
  @APIResponse(responseCode = "200", description = "A page of providers.")
  @GET
  @RolesAllowed(Scope.OPERATOR)
  public Page<ProviderView> providers(
      @QueryParam("limit") @Nullable Integer limit, @QueryParam("after") @Nullable String after) {
    return list.page(PageRequest.of(limit, after, "providers"));
  }

  @Operation(operationId = "getProvider", summary = "Show a provider")
  @APIResponse(responseCode = "200", description = "The provider.")
  @GET
  @Path("/{component_appid}")
  @RolesAllowed(Scope.OPERATOR)
  public ProviderView provider(@PathParam("component_appid") String componentAppid) {
    return ProviderView.of(service.find(componentAppid), address);
  }

  @Operation(
      operationId = "changeProvider",
      summary = "Change a provider, rotate its secrets",
      description = "What is left out stays. A former encoding_aes_key keeps decrypting.")
  @APIResponse(responseCode = "200", description = "The provider as it is now.")
  @Refuses(status = 409, code = "provider_archived", when = "An archived provider does not change.")
  @PATCH
  @Path("/{component_appid}")
  @RolesAllowed(Scope.OPERATOR)
  public ProviderView change(
      @PathParam("component_appid") String componentAppid, @NotNull ChangeProvider request) {
    return ProviderView.of(service.change(componentAppid, request), address);
  }

  @Operation(
      operationId = "archiveProvider",
      summary = "Archive a provider",
      description =
          "Its keys stop working and its tokens are not refreshed; WeChat's pushes are still answered. Without effect on one that is archived.")
  @APIResponse(responseCode = "204", description = "Archived.")
  @DELETE
  @Path("/{component_appid}")
  @RolesAllowed(Scope.OPERATOR)
  public void archive(@PathParam("component_appid") String componentAppid) {
    service.archive(componentAppid);
  }
}
