package io.yima.gateway;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.vertx.ext.web.RoutingContext;
import io.yima.api.Problems;
import io.yima.security.Caller;
import io.yima.security.Scope;
import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.ForwardedCall;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** WeChat's other interfaces: those that the setting names letter by letter, and no others. */
@Path("/gateway/{authorizer_appid}/{path:.+}")
@Tag(name = "Gateway")
@APIResponse(responseCode = "200", ref = "WeChatAnswer")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@RunOnVirtualThread
@RolesAllowed({Scope.WRITE, Scope.GATEWAY})
public class PassThroughResource {

  private static final String MARKETCODE = "/intp/marketcode/";

  private final GatewaySettings settings;
  private final Forwarding forwarding;
  private final Caller caller;
  private final RoutingContext request;

  PassThroughResource(
      GatewaySettings settings, Forwarding forwarding, Caller caller, RoutingContext request) {
    this.settings = settings;
    this.forwarding = forwarding;
    this.caller = caller;
    this.request = request;
  }

  @Operation(
      operationId = "gatewayGet",
      summary = "Read from WeChat, where a setting names the path",
      description =
          "Passes a GET on with the merchant's token in place of the caller's. A path that YIMA_GATEWAY_PASS_THROUGH does not name is errcode 48001.")
  @GET
  public String get(
      @PathParam("authorizer_appid") String authorizerAppid, @PathParam("path") String path) {
    return pass(authorizerAppid, path, null);
  }

  @Operation(
      operationId = "gatewayPost",
      summary = "Call WeChat, where a setting names the path",
      description = "As gatewayGet, with a JSON body.")
  @POST
  public String post(
      @PathParam("authorizer_appid") String authorizerAppid,
      @PathParam("path") String path,
      @RequestBody(ref = "WeChatCall") byte[] body) {
    return pass(authorizerAppid, path, body);
  }

  private String pass(String authorizerAppid, String asked, byte @Nullable [] body) {
    AuthorizerId authorizer = caller.authorizer(authorizerAppid);
    String path = "/" + asked;
    if (body == null && path.startsWith(MARKETCODE)) {
      throw Problems.of(405, "post_required", "require POST method");
    }
    // Also as it was sent: what has to be decoded or resolved first is no path that a setting
    // names.
    boolean plain = ("/gateway/" + authorizerAppid + path).equals(request.request().path());
    if (!plain || !settings.passes(path)) {
      throw Problems.notFound(
          "path_not_open", "api unauthorized: YIMA_GATEWAY_PASS_THROUGH does not name this path");
    }
    return forwarding.forward(
        authorizer,
        new ForwardedCall(asked, query(), body == null ? null : CallBody.of(body).text()));
  }

  /** Without any token: the merchant's is put there, and no other has a business with WeChat. */
  private Map<String, List<String>> query() {
    Map<String, List<String>> query = new LinkedHashMap<>();
    request
        .queryParams()
        .forEach(
            (name, value) -> {
              if (!name.endsWith("access_token")) {
                query.computeIfAbsent(name, n -> new ArrayList<>()).add(value);
              }
            });
    return query;
  }
}
