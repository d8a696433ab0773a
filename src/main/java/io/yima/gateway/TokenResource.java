package io.yima.gateway;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import io.yima.api.Problems;
import io.yima.authorizer.Authorizers;
import io.yima.security.Caller;
import io.yima.security.GatewaySignIn;
import io.yima.security.audit.AuditAction;
import io.yima.security.audit.AuditEntry;
import io.yima.security.audit.AuditTrail;
import io.yima.tenancy.AuthorizerId;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Tokens for SDKs, as WeChat gives them to an account for its secret. The secret is an API key of
 * scope {@code gateway}; what is answered is never a token of WeChat's.
 */
@Path("/gateway/{authorizer_appid}/cgi-bin")
@Tag(name = "Gateway")
@APIResponse(responseCode = "200", ref = "GatewayToken")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@RunOnVirtualThread
@PermitAll
public class TokenResource {

  private final GatewaySignIn signIn;
  private final Caller caller;
  private final Authorizers authorizers;
  private final AuditTrail audit;
  private final RoutingContext request;

  TokenResource(
      GatewaySignIn signIn,
      Caller caller,
      Authorizers authorizers,
      AuditTrail audit,
      RoutingContext request) {
    this.signIn = signIn;
    this.caller = caller;
    this.authorizers = authorizers;
    this.audit = audit;
    this.request = request;
  }

  @Operation(
      operationId = "getGatewayToken",
      summary = "Get a token for an SDK",
      description =
          "WeChat's cgi-bin/token, with an API key of scope gateway as the secret of the merchant's account.")
  @GET
  @Path("/token")
  public String token(
      @PathParam("authorizer_appid") String authorizerAppid,
      @QueryParam("grant_type") @Nullable String grantType,
      @QueryParam("appid") @Nullable String appid,
      @QueryParam("secret") @Nullable String secret) {
    return issue(authorizerAppid, SecretOfAccount.of(grantType, appid, secret));
  }

  @Operation(
      operationId = "postGatewayToken",
      summary = "Get a token for an SDK, asked with a body",
      description = "As getGatewayToken.")
  @POST
  @Path("/token")
  public String postedToken(
      @PathParam("authorizer_appid") String authorizerAppid,
      @RequestBody(ref = "SecretOfAccount") byte[] body) {
    return issue(authorizerAppid, SecretOfAccount.of(CallBody.of(body)));
  }

  @Operation(
      operationId = "getStableGatewayToken",
      summary = "Get a stable token for an SDK",
      description = "As getGatewayToken: no token ends another in any case.")
  @GET
  @Path("/stable_token")
  public String stableToken(
      @PathParam("authorizer_appid") String authorizerAppid,
      @QueryParam("grant_type") @Nullable String grantType,
      @QueryParam("appid") @Nullable String appid,
      @QueryParam("secret") @Nullable String secret) {
    return issue(authorizerAppid, SecretOfAccount.of(grantType, appid, secret));
  }

  @Operation(
      operationId = "postStableGatewayToken",
      summary = "Get a stable token for an SDK, asked with a body",
      description = "WeChat's cgi-bin/stable_token; force_refresh does nothing.")
  @POST
  @Path("/stable_token")
  public String postedStableToken(
      @PathParam("authorizer_appid") String authorizerAppid,
      @RequestBody(ref = "SecretOfAccount") byte[] body) {
    return issue(authorizerAppid, SecretOfAccount.of(CallBody.of(body)));
  }

  private String issue(String authorizerAppid, SecretOfAccount asked) {
    if (!asked.appid().equals(authorizerAppid)) {
      throw Problems.of(400, "appid_mismatch", "invalid appid: it is not the one of this address");
    }
    signIn.signIn(request, asked.secret());
    AuthorizerId authorizer = caller.authorizer(authorizerAppid);
    if (authorizers.standing(authorizer).isEmpty()) {
      throw Authorizers.notFound();
    }
    audit.recordIntent(AuditEntry.of(AuditAction.GATEWAY_TOKEN_ISSUED, authorizer));
    return WeChatAnswers.token(signIn.issue(authorizer));
  }
}
