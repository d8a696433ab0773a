package io.yima.quota;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.Refuses;
import io.yima.security.Caller;
import io.yima.security.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Tells what is left of a merchant's daily quotas. */
@Path("/api/v1/authorizers/{authorizer_appid}/quota")
@Tag(name = "Authorizers")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class QuotaResource {

  private final Quotas quotas;
  private final Caller caller;

  QuotaResource(Quotas quotas, Caller caller) {
    this.quotas = quotas;
    this.caller = caller;
  }

  @Operation(
      operationId = "getQuota",
      summary = "Show a merchant's daily quotas",
      description =
          "Asks WeChat about all six interfaces of the marketing-code family at once, for 8 seconds at most, and adds what Yima counted. Where WeChat refuses to tell about an interface, its words stand in wechat and its numbers are null. What is told within a minute of midnight in Shanghai may be of either day: it is shown and not kept.")
  @APIResponse(responseCode = "200", description = "The quotas as they are now.")
  @Refuses(
      status = 404,
      code = "authorizer_not_found",
      when = "The appid cannot be one, or no such merchant has authorized this provider.")
  @Refuses(
      status = 409,
      code = "authorizer_revoked",
      when = "The merchant withdrew its authorization.")
  @Refuses(
      status = 409,
      code = "reauthorization_required",
      when = "No refresh token works any more: the merchant must authorize again.")
  @Refuses(
      status = 503,
      code = "token_unavailable",
      when = "There is no valid token to ask with.",
      wechat = true)
  @Refuses(
      status = 503,
      code = "wechat_unavailable",
      when =
          "About one of the interfaces WeChat does not answer in time, or nothing that can be understood. Nothing is kept, not what it told about the others.",
      wechat = true)
  @GET
  @RolesAllowed(Scope.READ)
  public QuotaView quota(@PathParam("authorizer_appid") String authorizerAppid) {
    return quotas.ask(caller.authorizer(authorizerAppid));
  }
}
