package io.yima.lookups;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.FieldError;
import io.yima.api.Idempotent;
import io.yima.api.Problems;
import io.yima.api.Refuses;
import io.yima.codes.ApplicationKey;
import io.yima.secrets.Secret;
import io.yima.security.Caller;
import io.yima.security.Scope;
import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.CodeReference;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Looks single codes up at WeChat; bodies, because codes and tickets belong into no address. */
@Path("/api/v1/authorizers/{authorizer_appid}")
@Tag(name = "Look-ups")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
@Refuses(status = 400, code = "body_required", when = "There is no body.")
@Refuses(
    status = 404,
    code = "authorizer_not_found",
    when = "The appid cannot be one, or no such merchant has authorized this provider.")
@Refuses(
    status = 409,
    code = "authorizer_revoked",
    when = "The merchant's authorization does not hold.")
@Refuses(
    status = 409,
    code = "permission_set_missing",
    when = "The merchant did not grant permission set 46 (微信一物一码).")
@Refuses(
    status = 409,
    code = "account_type_unsupported",
    when = "Only service accounts (服务号) have marketing codes.")
@Refuses(status = 422, code = "wechat_refused", when = "WeChat refused to tell.", wechat = true)
@Refuses(
    status = 429,
    code = "quota_exhausted",
    when = "The merchant's daily quota of this interface at WeChat is used up.",
    wechat = true)
@Refuses(
    status = 429,
    code = "wechat_rate_limited",
    when = "WeChat finds the merchant's calls too frequent.",
    wechat = true)
@Refuses(
    status = 503,
    code = "token_unavailable",
    when = "There is no valid token to ask with.",
    wechat = true)
@Refuses(
    status = 503,
    code = "wechat_unavailable",
    when = "WeChat does not answer, or nothing that can be understood.",
    wechat = true)
public class CodeLookupResource {

  private final CodeLookups lookups;
  private final Caller caller;

  CodeLookupResource(CodeLookups lookups, Caller caller) {
    this.lookups = lookups;
    this.caller = caller;
  }

  @Operation(
      operationId = "lookUpCode",
      summary = "Look a code up",
      description =
          "Asks WeChat, for 8 seconds at most, what a code is bound to. The code is named by its index in an application, by its nine characters, or by what is printed.")
  @APIResponse(responseCode = "200", description = "The code and what it is bound to.")
  @Refuses(
      status = 404,
      code = "code_application_not_found",
      when = "This merchant has no application of that isv_application_id.")
  @Refuses(
      status = 409,
      code = "code_application_not_finished",
      when = "WeChat has not confirmed the application.")
  @POST
  @Path("/code-lookups")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Scope.CODES)
  public FoundCodeView lookUp(
      @PathParam("authorizer_appid") String authorizerAppid, @Nullable LookupRequest request) {
    AuthorizerId authorizer = caller.authorizer(authorizerAppid);
    if (request == null) {
      throw bodyRequired();
    }
    refuse(request.broken());
    return FoundCodeView.of(found(authorizer, request));
  }

  @Operation(
      operationId = "exchangeCodeTicket",
      summary = "Exchange a scan's ticket for its code",
      description =
          "Asks WeChat, for 8 seconds at most, which code was scanned. Whether a ticket can be exchanged twice, WeChat does not say: with Idempotency-Key the first answer is kept for a repetition.")
  @APIResponse(responseCode = "200", description = "The code that was scanned.")
  @Refuses(
      status = 422,
      code = "openid_invalid",
      when = "WeChat does not know the openid.",
      wechat = true)
  @Refuses(
      status = 422,
      code = "code_ticket_invalid",
      when = "The ticket is not valid, or is another user's: the code must be scanned again.",
      wechat = true)
  @POST
  @Path("/code-tickets")
  @Idempotent
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Scope.CODES)
  public FoundCodeView exchange(
      @PathParam("authorizer_appid") String authorizerAppid, @Nullable CodeTicketRequest request) {
    AuthorizerId authorizer = caller.authorizer(authorizerAppid);
    if (request == null) {
      throw bodyRequired();
    }
    refuse(request.broken());
    return FoundCodeView.of(
        lookups.exchange(
            authorizer,
            Secret.of(Objects.requireNonNull(request.openid())),
            Secret.of(Objects.requireNonNull(request.codeTicket()))));
  }

  private FoundCode found(AuthorizerId authorizer, LookupRequest request) {
    if (request.code() != null) {
      return lookups.find(authorizer, new CodeReference.ByCode(Secret.of(request.code())));
    }
    if (request.codeUrl() != null) {
      return lookups.find(authorizer, new CodeReference.ByUrl(Secret.of(request.codeUrl())));
    }
    long codeIndex = Objects.requireNonNull(request.codeIndex());
    return request.isvApplicationId() != null
        ? lookups.find(new ApplicationKey(authorizer, request.isvApplicationId()), codeIndex)
        : lookups.find(
            authorizer,
            new CodeReference.ByIndex(Objects.requireNonNull(request.applicationId()), codeIndex));
  }

  private static void refuse(List<FieldError> broken) {
    if (!broken.isEmpty()) {
      throw Problems.invalid(broken);
    }
  }

  private static RuntimeException bodyRequired() {
    return Problems.of(400, "body_required", "The request has no body.");
  }
}
