package io.yima.security;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.Idempotent;
import io.yima.api.Page;
import io.yima.api.PageRequest;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.util.UUID;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Keys of a provider, made and revoked by operators. */
@Path("/api/v1/providers/{component_appid}/keys")
@RunOnVirtualThread
class ApiKeyResource {

  private final ApiKeyService service;

  ApiKeyResource(ApiKeyService service) {
    this.service = service;
  }

  @POST
  @Idempotent
  @ResponseStatus(201)
  @RolesAllowed(Scope.OPERATOR)
  public CreatedApiKeyView create(
      @PathParam("component_appid") String componentAppid, @NotNull ApiKeyBody body) {
    return CreatedApiKeyView.of(service.create(componentAppid, body));
  }

  @GET
  @RolesAllowed(Scope.OPERATOR)
  public Page<ApiKeyView> list(
      @PathParam("component_appid") String componentAppid,
      @QueryParam("limit") @Nullable Integer limit,
      @QueryParam("after") @Nullable String after) {
    return service.list(componentAppid, PageRequest.of(limit, after, "keys", componentAppid));
  }

  @DELETE
  @Path("{id}")
  @RolesAllowed(Scope.OPERATOR)
  public void revoke(
      @PathParam("component_appid") String componentAppid, @PathParam("id") UUID id) {
    service.revoke(componentAppid, id);
  }
}
