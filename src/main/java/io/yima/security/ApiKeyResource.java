package io.yima.security;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.Idempotent;
import io.yima.api.Page;
import io.yima.api.PageRequest;
import io.yima.api.Refuses;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Keys of a provider, made and revoked by operators. */
@Path("/api/v1/providers/{component_appid}/keys")
@Tag(name = "Providers")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
class ApiKeyResource {

  private final ApiKeyService service;

  ApiKeyResource(ApiKeyService service) {
    this.service = service;
  }

  @Operation(
      operationId = "createApiKey",
      summary = "Make an API key for a provider",
      description = "The key is shown this once.")
  @APIResponse(
      responseCode = "201",
      description = "Made.",
      content = @Content(schema = @Schema(implementation = CreatedApiKeyView.class)))
  @POST
  @Idempotent
  @ResponseStatus(201)
  @RolesAllowed(Scope.OPERATOR)
  public CreatedApiKeyView create(
      @PathParam("component_appid") String componentAppid, @NotNull ApiKeyBody body) {
    return CreatedApiKeyView.of(service.create(componentAppid, body));
  }

  @Operation(
      operationId = "listApiKeys",
      summary = "List a provider's API keys",
      description = "Revoked ones too, without their secrets.")
  @APIResponse(responseCode = "200", description = "A page of keys.")
  @GET
  @RolesAllowed(Scope.OPERATOR)
  public Page<ApiKeyView> list(
      @PathParam("component_appid") String componentAppid,
      @QueryParam("limit") @Nullable Integer limit,
      @QueryParam("after") @Nullable String after) {
    return service.list(componentAppid, PageRequest.of(limit, after, "keys", componentAppid));
  }

  @Operation(
      operationId = "revokeApiKey",
      summary = "Revoke an API key",
      description = "Effective at once, on every node. Without effect on one that is revoked.")
  @APIResponse(responseCode = "204", description = "Revoked.")
  @Refuses(status = 404, code = "not_found", when = "The id is no UUID.")
  @Refuses(status = 404, code = "key_not_found", when = "The provider has no such key.")
  @DELETE
  @Path("{id}")
  @RolesAllowed(Scope.OPERATOR)
  public void revoke(
      @PathParam("component_appid") String componentAppid, @PathParam("id") UUID id) {
    service.revoke(componentAppid, id);
  }
}
