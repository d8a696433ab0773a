package io.yima.authorizer;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.FieldError;
import io.yima.api.Idempotent;
import io.yima.api.Problems;
import io.yima.api.PublicAddress;
import io.yima.api.Refuses;
import io.yima.api.TextRules;
import io.yima.security.Caller;
import io.yima.security.Scope;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderEntry;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Invitations to merchants. */
@Path("/api/v1/authorization-links")
@Tag(name = "Authorizers")
@Consumes(MediaType.APPLICATION_JSON)
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class AuthorizationLinkResource {

  private static final Set<Integer> AUTH_TYPES = Set.of(1, 2, 3, 4, 5, 6, 8);
  private static final int MAX_URL_LENGTH = 2_000;

  /** What the link is to offer; all of it may be left out. */
  @JsonNaming(SnakeCaseStrategy.class)
  @Schema(name = "CreateAuthorizationLink", description = "What the link is to offer.")
  public record LinkRequest(
      @Schema(
              enumeration = {"1", "2", "3", "4", "5", "6", "8"},
              description = "Which accounts WeChat's page offers; 1: official accounts.",
              examples = "1",
              defaultValue = "1")
          @Nullable Integer authType,
      @Schema(
              description = "Offers this account alone.",
              examples = "wxdemo00merchant01",
              pattern = AuthorizerId.PATTERN)
          @Nullable String bizAppid,
      @Schema(
              description =
                  "Where the merchant's browser goes after authorizing; else where the provider says.",
              examples = "https://erp.example.com/wechat/done",
              format = "uri",
              maxLength = 2000)
          @Nullable String returnUrl) {}

  /** Pages of ours: WeChat checks from which domain its own page is opened. */
  @JsonNaming(SnakeCaseStrategy.class)
  @Schema(name = "AuthorizationLink", description = "Pages of Yima to send to the merchant.")
  public record LinkView(
      @Schema(
              description = "Leads to the page that fits the device.",
              examples =
                  "https://yima.example.com/wechat/wxa1b2c3d4e5f60718/authorize/0199d0c5-7a54-7c3e-9c1f-0d2b8a6f4e33")
          String url,
      @Schema(
              description = "Leads to WeChat's page for computers.",
              examples =
                  "https://yima.example.com/wechat/wxa1b2c3d4e5f60718/authorize/0199d0c5-7a54-7c3e-9c1f-0d2b8a6f4e33?device=pc")
          String pcUrl,
      @Schema(
              description = "Leads to WeChat's page for phones.",
              examples =
                  "https://yima.example.com/wechat/wxa1b2c3d4e5f60718/authorize/0199d0c5-7a54-7c3e-9c1f-0d2b8a6f4e33?device=mobile")
          String mobileUrl,
      @Schema(description = "Until when the link works.", examples = "2026-09-27T02:03:04.567890Z")
          Instant expiresAt) {

    /** Of a link at this address. */
    public static LinkView of(String url, Instant expiresAt) {
      return new LinkView(url, url + "?device=pc", url + "?device=mobile", expiresAt);
    }
  }

  private final Caller caller;
  private final AuthorizationLinks links;
  private final PublicAddress address;

  AuthorizationLinkResource(Caller caller, AuthorizationLinks links, PublicAddress address) {
    this.caller = caller;
    this.links = links;
    this.address = address;
  }

  @Operation(
      operationId = "createAuthorizationLink",
      summary = "Invite a merchant",
      description =
          "Makes the address of a page whose button leads to WeChat's authorization page.")
  @Refuses(
      status = 403,
      code = "authorizer_not_allowed",
      when = "A key for some merchants may only name one of them.")
  @APIResponse(
      responseCode = "201",
      description = "Made.",
      content = @Content(schema = @Schema(implementation = LinkView.class)))
  @POST
  @Idempotent
  @RolesAllowed(Scope.WRITE)
  @ResponseStatus(201)
  public LinkView create(@Nullable LinkRequest request) {
    LinkRequest asked = request == null ? new LinkRequest(null, null, null) : request;
    // A key for some merchants must not bring in others: its link names the one it is for.
    caller.requireAllowed(asked.bizAppid());
    check(asked);
    ProviderEntry provider = caller.provider();
    AuthorizationLink link =
        links.create(
            provider.id(),
            asked.authType() == null ? AuthorizationLinks.OFFICIAL_ACCOUNTS : asked.authType(),
            asked.bizAppid(),
            asked.returnUrl());
    String url = address.authorizationLink(provider.componentAppid(), link.id());
    return LinkView.of(url, link.expiresAt());
  }

  private static void check(LinkRequest request) {
    List<FieldError> errors = new ArrayList<>();
    if (request.authType() != null && !AUTH_TYPES.contains(request.authType())) {
      errors.add(new FieldError("auth_type", "must be one of 1, 2, 3, 4, 5, 6, 8"));
    }
    if (request.bizAppid() != null && !AuthorizerId.isAppid(request.bizAppid())) {
      errors.add(new FieldError("biz_appid", "must be an appid"));
    }
    if (request.returnUrl() != null && !isWebAddress(request.returnUrl())) {
      errors.add(new FieldError("return_url", "must be an absolute http or https address"));
    }
    if (!errors.isEmpty()) {
      throw Problems.invalid(errors);
    }
  }

  private static boolean isWebAddress(String text) {
    try {
      URI uri = new URI(text);
      return text.length() <= MAX_URL_LENGTH
          && TextRules.isStorable(text)
          && ("https".equalsIgnoreCase(uri.getScheme()) || "http".equalsIgnoreCase(uri.getScheme()))
          && uri.getHost() != null
          && uri.getUserInfo() == null;
    } catch (URISyntaxException e) {
      return false;
    }
  }
}
