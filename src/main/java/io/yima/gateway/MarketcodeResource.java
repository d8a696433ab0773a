package io.yima.gateway;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.activations.ActivationDoor;
import io.yima.activations.ActivationRequest;
import io.yima.codes.LedgerDoor;
import io.yima.lookups.CodesDoor;
import io.yima.secrets.Secret;
import io.yima.security.Caller;
import io.yima.security.Scope;
import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.CodeReference;
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
  private final ActivationDoor activations;
  private final CodesDoor codes;
  private final Caller caller;

  MarketcodeResource(
      LedgerDoor ledger, ActivationDoor activations, CodesDoor codes, Caller caller) {
    this.ledger = ledger;
    this.activations = activations;
    this.codes = codes;
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
      description =
          "WeChat's applycodedownload, passed on: the answer is WeChat's to the byte, and costs a call of the merchant's daily quota. Ranges that are not ready are refused without one.")
  @POST
  @Path("/applycodedownload")
  public String download(
      @PathParam("authorizer_appid") String authorizerAppid,
      @RequestBody(ref = "WeChatCall") byte[] body) {
    AuthorizerId authorizer = caller.authorizer(authorizerAppid);
    CallBody call = CallBody.of(body);
    return codes.encrypted(
        authorizer,
        passedOn("applycodedownload", call),
        call.requireNumber("application_id"),
        call.requireNumber("code_start"),
        call.requireNumber("code_end"));
  }

  @Operation(
      operationId = "gatewayActivateCodes",
      summary = "Activate a range of codes, as at WeChat",
      description =
          "WeChat's codeactive. The activation is stored, cut along WeChat's ranges and settled like any other; the same call again is the same activation. Another call for exactly the codes of the one before binds them anew; any other overlap is errcode 40002. errcode -1 when WeChat has not confirmed it in time: ask the same again. An application that the ledger does not know is passed on.")
  @POST
  @Path("/codeactive")
  public String activate(
      @PathParam("authorizer_appid") String authorizerAppid,
      @RequestBody(ref = "WeChatCall") byte[] body) {
    AuthorizerId authorizer = caller.authorizer(authorizerAppid);
    CallBody call = CallBody.of(body);
    long applicationId = call.requireNumber("application_id");
    if (!activations.knows(authorizer, applicationId)) {
      return codes.activateUnknown(authorizer, passedOn("codeactive", call));
    }
    activations.activate(authorizer, applicationId, activation(call));
    return WeChatAnswers.done();
  }

  @Operation(
      operationId = "gatewayQueryActivation",
      summary = "Ask what a code is bound to, as at WeChat",
      description =
          "WeChat's codeactivequery: its own answer. By application_id and code_index, else code, else code_url; fields that are empty count as left out.")
  @POST
  @Path("/codeactivequery")
  public String queryActivation(
      @PathParam("authorizer_appid") String authorizerAppid,
      @RequestBody(ref = "WeChatCall") byte[] body) {
    AuthorizerId authorizer = caller.authorizer(authorizerAppid);
    return codes.bound(authorizer, reference(CallBody.of(body)));
  }

  @Operation(
      operationId = "gatewayTicketToCode",
      summary = "Turn a scan's ticket into a code, as at WeChat",
      description = "WeChat's tickettocode: its own answer.")
  @POST
  @Path("/tickettocode")
  public String ticketToCode(
      @PathParam("authorizer_appid") String authorizerAppid,
      @RequestBody(ref = "WeChatCall") byte[] body) {
    AuthorizerId authorizer = caller.authorizer(authorizerAppid);
    CallBody call = CallBody.of(body);
    return codes.scanned(
        authorizer,
        Secret.of(call.requireText("openid")),
        Secret.of(call.requireText("code_ticket")));
  }

  private static ActivationRequest activation(CallBody call) {
    return new ActivationRequest(
        call.requireText("activity_name"),
        call.requireText("product_brand"),
        call.requireText("product_title"),
        call.requireText("product_code"),
        call.requireText("wxa_appid"),
        call.requireText("wxa_path"),
        call.optionalNumber("wxa_type"),
        call.requireNumber("code_start"),
        call.requireNumber("code_end"),
        null);
  }

  /** SDKs that fill in every field send 0 and empty texts for those that are not meant. */
  private static CodeReference reference(CallBody call) {
    @Nullable Long applicationId = call.optionalNumber("application_id");
    @Nullable Long codeIndex = call.optionalNumber("code_index");
    if (applicationId != null && applicationId != 0 && codeIndex != null) {
      return new CodeReference.ByIndex(applicationId, codeIndex);
    }
    @Nullable Secret code = Secret.ofNullable(call.optionalText("code"));
    if (code != null) {
      return new CodeReference.ByCode(code);
    }
    @Nullable Secret codeUrl = Secret.ofNullable(call.optionalText("code_url"));
    return codeUrl != null
        ? new CodeReference.ByUrl(codeUrl)
        : new CodeReference.ByIndex(
            call.requireNumber("application_id"), call.requireNumber("code_index"));
  }

  private static ForwardedCall passedOn(String api, CallBody call) {
    return new ForwardedCall(FOLDER + api, Map.of(), call.text());
  }
}
