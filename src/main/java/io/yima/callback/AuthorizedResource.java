package io.yima.callback;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.authorizer.AuthorizationLink;
import io.yima.callback.LinkCheck.Checked;
import io.yima.callback.Return.Returned;
import io.yima.secrets.Secret;
import io.yima.tenancy.ProviderEntry;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Where WeChat sends the merchant's browser back to. */
@Path("/wechat/{component_appid}/authorized")
@Tag(name = "From WeChat and the browser")
@RunOnVirtualThread
@PermitAll
public class AuthorizedResource {

  private final LinkCheck links;
  private final Return returned;

  AuthorizedResource(LinkCheck links, Return returned) {
    this.links = links;
    this.returned = returned;
  }

  @Operation(
      operationId = "returnFromWeChat",
      summary = "Take the merchant back from WeChat's page",
      description = "Exchanges the code, then shows how it ended or goes on to the return_url.")
  @APIResponse(responseCode = "200", ref = "Page")
  @APIResponse(responseCode = "303", ref = "Elsewhere")
  @APIResponse(responseCode = "403", ref = "LinkMissing")
  @APIResponse(responseCode = "409", ref = "NotAuthorized")
  @APIResponse(responseCode = "502", ref = "PageMisconfigured")
  @APIResponse(responseCode = "429", ref = "TooMany")
  @APIResponse(responseCode = "503", ref = "PageUnavailable")
  @GET
  public Response welcome(
      @PathParam("component_appid") String componentAppid,
      @Parameter(
              description = "The authorization link that the merchant came by.",
              example = "0199d0c5-7a54-7c3e-9c1f-0d2b8a6f4e33")
          @QueryParam("link")
          @Nullable String linkId,
      @Parameter(
              description = "WeChat's code, which works once.",
              example = "queryauthcode@@@example")
          @QueryParam("auth_code")
          @Nullable String authCode) {
    Secret code = Secret.ofNullable(authCode);
    return switch (links.check(componentAppid, linkId)) {
      case Checked.Valid(ProviderEntry provider, AuthorizationLink link) ->
          code == null
              ? Pages.notice(Notice.NOT_AUTHORIZED)
              : answer(returned.with(provider.id(), link, code));
      case Checked.Expired expired -> Pages.notice(Notice.LINK_MISSING);
      case Checked.Unknown unknown -> Pages.notice(Notice.LINK_MISSING);
    };
  }

  private static Response answer(Returned returned) {
    return switch (returned) {
      case Returned.To(String address) -> Pages.elsewhere(address);
      case Returned.Stays(Notice notice) -> Pages.notice(notice);
    };
  }
}
