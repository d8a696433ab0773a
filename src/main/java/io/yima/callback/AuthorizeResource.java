package io.yima.callback;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.PublicAddress;
import io.yima.authorizer.AuthorizationLink;
import io.yima.callback.LinkCheck.Checked;
import io.yima.provider.ComponentTokens;
import io.yima.secrets.Secret;
import io.yima.tenancy.ProviderEntry;
import io.yima.wechat.AuthorizationPage;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.IssuedToken;
import io.yima.wechat.Urgency;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatResult.Failed;
import io.yima.wechat.WeChatResult.Success;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The page that invites a merchant, and its button, which leads to WeChat's. */
@Path("/wechat/{component_appid}/authorize/{link}")
@Tag(name = "From WeChat and the browser")
@APIResponse(responseCode = "404", ref = "NoSuchLink")
@APIResponse(responseCode = "410", ref = "LinkExpired")
@APIResponse(responseCode = "429", ref = "TooMany")
@APIResponse(responseCode = "503", ref = "PageUnavailable")
@RunOnVirtualThread
@PermitAll
public class AuthorizeResource {

  private static final Logger LOG = Logger.getLogger(AuthorizeResource.class);
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final LinkCheck links;
  private final ComponentTokens tokens;
  private final WeChatClient wechat;
  private final AuthorizationPage page;
  private final PublicAddress address;

  AuthorizeResource(
      LinkCheck links,
      ComponentTokens tokens,
      WeChatClient wechat,
      AuthorizationPage page,
      PublicAddress address) {
    this.links = links;
    this.tokens = tokens;
    this.wechat = wechat;
    this.page = page;
    this.address = address;
  }

  @Operation(
      operationId = "showInvitation",
      summary = "Show the page that invites a merchant",
      description =
          "The page of an authorization link: one button, which leads to WeChat's authorization page.")
  @APIResponse(responseCode = "200", ref = "Page")
  @GET
  public Response invite(
      @PathParam("component_appid") String componentAppid, @PathParam("link") String linkId) {
    return switch (links.check(componentAppid, linkId)) {
      case Checked.Valid(ProviderEntry provider, AuthorizationLink link) ->
          Pages.invitation(provider.name());
      case Checked.Expired expired -> Pages.notice(Notice.LINK_EXPIRED);
      case Checked.Unknown unknown -> Pages.notice(Notice.LINK_UNKNOWN);
    };
  }

  /** Fetches a pre-auth code, which lives for minutes only, at the moment it is needed. */
  @Operation(
      operationId = "pressInvitation",
      summary = "Lead the merchant to WeChat's page",
      description =
          "What the page's button does: fetches a pre-auth code, which lives for minutes only.")
  @APIResponse(responseCode = "303", ref = "Elsewhere")
  @APIResponse(responseCode = "502", ref = "PageMisconfigured")
  @POST
  @Consumes(MediaType.WILDCARD)
  public Response proceed(
      @PathParam("component_appid") String componentAppid,
      @PathParam("link") String linkId,
      @Parameter(
              description = "Which page of WeChat's; when left out, the one that fits the browser.",
              example = "pc",
              schema = @Schema(enumeration = {"pc", "mobile"}))
          @QueryParam("device")
          @Nullable String device,
      @Parameter(description = "Tells phones from computers.", example = "Mozilla/5.0")
          @HeaderParam("User-Agent")
          @Nullable String userAgent) {
    return switch (links.check(componentAppid, linkId)) {
      case Checked.Valid(ProviderEntry provider, AuthorizationLink link) ->
          toWeChat(provider, link, Device.of(device, userAgent));
      case Checked.Expired expired -> Pages.notice(Notice.LINK_EXPIRED);
      case Checked.Unknown unknown -> Pages.notice(Notice.LINK_UNKNOWN);
    };
  }

  private Response toWeChat(ProviderEntry provider, AuthorizationLink link, Device device) {
    Deadline deadline = Deadline.in(PATIENCE, Urgency.INTERACTIVE);
    return switch (tokens.call(
        provider.id(), deadline, (appid, token) -> wechat.preAuthCode(appid, token, deadline))) {
      case Success<IssuedToken>(IssuedToken issued) ->
          Pages.elsewhere(address(provider, link, device, issued.token()));
      case Failed<IssuedToken>(Failure failure) -> {
        LOG.warnf(
            "No pre-auth code for %s: %s %s",
            provider.componentAppid(), failure.code(), failure.error().errmsg());
        boolean setUp = failure instanceof Failure.Misconfigured;
        yield Pages.notice(setUp ? Notice.MISCONFIGURED : Notice.UNAVAILABLE);
      }
    };
  }

  private String address(
      ProviderEntry provider, AuthorizationLink link, Device device, Secret preAuthCode) {
    String appid = provider.componentAppid();
    String redirectUri = address.authorized(appid) + "?link=" + link.id();
    return switch (device) {
      case PC -> page.pcUrl(appid, preAuthCode, redirectUri, link.authType(), link.bizAppid());
      case MOBILE ->
          page.mobileUrl(appid, preAuthCode, redirectUri, link.authType(), link.bizAppid());
    };
  }
}
