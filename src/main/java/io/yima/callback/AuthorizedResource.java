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
import org.jspecify.annotations.Nullable;

/** Where WeChat sends the merchant's browser back to. */
@Path("/wechat/{component_appid}/authorized")
@RunOnVirtualThread
@PermitAll
public class AuthorizedResource {

  private final LinkCheck links;
  private final Return returned;

  AuthorizedResource(LinkCheck links, Return returned) {
    this.links = links;
    this.returned = returned;
  }

  @GET
  public Response welcome(
      @PathParam("component_appid") String componentAppid,
      @QueryParam("link") @Nullable String linkId,
      @QueryParam("auth_code") @Nullable String authCode) {
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
