package io.yima.gateway;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.codes.LedgerDoor;
import io.yima.security.Caller;
import io.yima.security.Scope;
import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.ForwardedCall;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The interfaces of the marketcode family, as WeChat has them [M1] to [M6]. */
@Path("/gateway/{authorizer_appid}/intp/marketcode")
@Tag(name = "Gateway")
@APIResponse(responseCode = "200", ref = "WeChatAnswer")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.WILDCARD)
@RunOnVirtualThread
@RolesAllowed({Scope.WRITE, Scope.GATEWAY})
public class MarketcodeResource {

  private static final String FOLDER = "intp/marketcode/";

  private final LedgerDoor ledger;
  private final Forwarding forwarding;
  private final Caller caller;

  MarketcodeResource(LedgerDoor ledger, Forwarding forwarding, Caller caller) {
    this.ledger = ledger;
    this.forwarding = forwarding;
    this.caller = caller;
  }

  @Operation(
      operationId = "gatewayApplyCode",
      summary = "Order codes, as at WeChat",
      description =
          "WeChat's applycode. The order is stored, counted and synced like any other; the same isv_application_id is the same order. errcode -1 when WeChat has not confirmed it in time: ask the same again.")
  @POST
  @Path("/applycode")
  public String applyCode(
      @PathParam("authorizer_appid") String authorizerAppid,
      @RequestBody(ref = "WeChatCall") byte[] body) {
    AuthorizerId authorizer = caller.authorizer(authorizerAppid);
    CallBody call = CallBody.of(body);
    return WeChatAnswers.applied(
        ledger.apply(
            authorizer, call.requireNumber("code_count"), call.requireText("isv_application_id")));
  }

  @Operation(
      operationId = "gatewayQueryApplication",
      summary = "Ask how far an application is, as at WeChat",
      description =
          "WeChat's applycodequery, answered from the ledger; WeChat is asked about what is not finished and what the ledger does not know.")
  @POST
  @Path("/applycodequery")
  public String queryApplication(
      @PathParam("authorizer_appid") String authorizerAppid,
      @RequestBody(ref = "WeChatCall") byte[] body) {
    AuthorizerId authorizer = caller.authorizer(authorizerAppid);
    CallBody call = CallBody.of(body);
    @Nullable Long applicationId = call.optionalNumber("application_id");
    @Nullable String isvApplicationId =
        applicationId == null
            ? call.requireText("isv_application_id")
            : call.optionalText("isv_application_id");
    return WeChatAnswers.status(ledger.query(authorizer, applicationId, isvApplicationId));
  }

  @Operation(
      operationId = "gatewayDownloadCodes",
      summary = "Fetch a range of codes, as at WeChat",
      description = "WeChat's applycodedownload.")
  @POST
  @Path("/applycodedownload")
  public String download(
      @PathParam("authorizer_appid") String authorizerAppid,
      @RequestBody(ref = "WeChatCall") byte[] body) {
    return forward(authorizerAppid, "applycodedownload", body);
  }

  @Operation(
      operationId = "gatewayActivateCodes",
      summary = "Activate a range of codes, as at WeChat",
      description = "WeChat's codeactive.")
  @POST
  @Path("/codeactive")
  public String activate(
      @PathParam("authorizer_appid") String authorizerAppid,
      @RequestBody(ref = "WeChatCall") byte[] body) {
    return forward(authorizerAppid, "codeactive", body);
  }

  @Operation(
      operationId = "gatewayQueryActivation",
      summary = "Ask what a code is bound to, as at WeChat",
      description = "WeChat's codeactivequery.")
  @POST
  @Path("/codeactivequery")
  public String queryActivation(
      @PathParam("authorizer_appid") String authorizerAppid,
      @RequestBody(ref = "WeChatCall") byte[] body) {
    return forward(authorizerAppid, "codeactivequery", body);
  }

  @Operation(
      operationId = "gatewayTicketToCode",
      summary = "Turn a scan's ticket into a code, as at WeChat",
      description = "WeChat's tickettocode.")
  @POST
  @Path("/tickettocode")
  public String ticketToCode(
      @PathParam("authorizer_appid") String authorizerAppid,
      @RequestBody(ref = "WeChatCall") byte[] body) {
    return forward(authorizerAppid, "tickettocode", body);
  }

  private String forward(String authorizerAppid, String api, byte[] body) {
    AuthorizerId authorizer = caller.authorizer(authorizerAppid);
    CallBody call = CallBody.of(body);
    return forwarding.forward(authorizer, new ForwardedCall(FOLDER + api, Map.of(), call.text()));
  }
}
