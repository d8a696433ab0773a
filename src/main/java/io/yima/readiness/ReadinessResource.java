package io.yima.readiness;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.Problems;
import io.yima.api.PublicAddress;
import io.yima.api.Refuses;
import io.yima.authorizer.AuthorizationLink;
import io.yima.authorizer.AuthorizationLinkResource.LinkView;
import io.yima.authorizer.AuthorizationLinks;
import io.yima.readiness.ReadinessView.ItemView;
import io.yima.security.Caller;
import io.yima.security.Scope;
import io.yima.tenancy.AuthorizerId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Tells whether a merchant can be served. */
@Path("/api/v1/authorizers/{authorizer_appid}/readiness")
@Tag(name = "Authorizers")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class ReadinessResource {

  private final Readiness readiness;
  private final AuthorizationLinks links;
  private final PublicAddress address;
  private final Caller caller;
  private final Clock clock;

  ReadinessResource(
      Readiness readiness,
      AuthorizationLinks links,
      PublicAddress address,
      Caller caller,
      Clock clock) {
    this.readiness = readiness;
    this.links = links;
    this.address = address;
    this.caller = caller;
    this.clock = clock;
  }

  @Operation(
      operationId = "getReadiness",
      summary = "Tell whether a merchant can be served",
      description =
          "A checklist, each item with what to do about it. Without live it tells what is known; with it WeChat is asked, for 8 seconds at most, and nothing is ordered. Where a new authorization helps, a key with the scope write is shown a link for this merchant alone.")
  @APIResponse(responseCode = "200", description = "The checklist.")
  @Refuses(
      status = 404,
      code = "authorizer_not_found",
      when = "The appid cannot be one, or no such merchant has authorized this provider.")
  @GET
  @RolesAllowed(Scope.READ)
  public ReadinessView readiness(
      @PathParam("authorizer_appid") String authorizerAppid,
      @Parameter(
              description = "Whether to ask WeChat.",
              example = "true",
              schema = @Schema(implementation = Boolean.class, defaultValue = "false"))
          @QueryParam("live")
          @Nullable String live) {
    AuthorizerId merchant = caller.authorizer(authorizerAppid);
    boolean asked = isLive(live);
    List<ReadinessCheck> checks = readiness.of(merchant, asked);
    return new ReadinessView(
        authorizerAppid,
        ReadinessView.ready(checks),
        asked,
        clock.instant(),
        items(merchant, checks));
  }

  private static boolean isLive(@Nullable String live) {
    return switch (live) {
      case null -> false;
      case "true" -> true;
      case "false" -> false;
      default -> throw Problems.invalid("live", "must be true or false");
    };
  }

  private List<ItemView> items(AuthorizerId merchant, List<ReadinessCheck> checks) {
    LinkView link = null;
    List<ItemView> items = new ArrayList<>();
    for (ReadinessCheck check : checks) {
      boolean helps =
          Boolean.FALSE.equals(check.ok())
              && check.item().mendedByAuthorization()
              && caller.may(Scope.WRITE);
      if (helps && link == null) {
        link = link(merchant);
      }
      items.add(ItemView.of(check, helps ? link : null));
    }
    return items;
  }

  private LinkView link(AuthorizerId merchant) {
    AuthorizationLink link = links.forMerchant(merchant);
    return LinkView.of(
        address.authorizationLink(caller.provider().componentAppid(), link.id()), link.expiresAt());
  }
}
