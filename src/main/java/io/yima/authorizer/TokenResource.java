package io.yima.authorizer;

import com.fasterxml.jackson.databind.PropertyNamingStrategies.SnakeCaseStrategy;
import com.fasterxml.jackson.databind.annotation.JsonNaming;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.Problems;
import io.yima.api.Refuses;
import io.yima.api.WeChatView;
import io.yima.authorizer.FreshToken.Absent;
import io.yima.authorizer.FreshToken.Inactive;
import io.yima.authorizer.FreshToken.Unknown;
import io.yima.authorizer.FreshToken.Valid;
import io.yima.secrets.Secret;
import io.yima.security.Caller;
import io.yima.security.Scope;
import io.yima.security.audit.AuditAction;
import io.yima.security.audit.AuditEntry;
import io.yima.security.audit.AuditTrail;
import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.Deadline;
import io.yima.wechat.Urgency;
import io.yima.work.LastError;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.headers.Header;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseHeader;
import org.jspecify.annotations.Nullable;

/** Merchants' access tokens. */
@Path("/api/v1/authorizers/{authorizer_appid}/token")
@Tag(name = "Authorizers")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
@Refuses(
    status = 404,
    code = "authorizer_not_found",
    when = "No such merchant has authorized this provider.")
@Refuses(
    status = 409,
    code = "authorizer_revoked",
    when = "The merchant withdrew its authorization.")
@Refuses(
    status = 409,
    code = "reauthorization_required",
    when = "No refresh token works any more: the merchant must authorize again.")
@Refuses(
    status = 503,
    code = "token_unavailable",
    when =
        "There is no valid token at this moment; WeChat's reason stands in wechat when there is one.",
    wechat = true)
public class TokenResource {

  private static final Duration PATIENCE = Duration.ofSeconds(8);
  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  /** A token to call WeChat with. */
  @JsonNaming(SnakeCaseStrategy.class)
  @Schema(name = "AccessToken", description = "A token to call WeChat with.")
  public record TokenView(
      @Schema(description = "The authorizer_access_token.", examples = "81_Jx3Vn0example")
          String accessToken,
      @Schema(description = "Until when it is valid.", examples = "2026-09-27T02:03:04.567890Z")
          Instant expiresAt) {}

  /**
   * Asks for a refresh.
   *
   * @param ifToken only if this one is still current
   */
  @JsonNaming(SnakeCaseStrategy.class)
  @Schema(name = "RefreshToken", description = "When to refresh.")
  public record RefreshRequest(
      @Schema(
              description = "Only if this token is still the current one.",
              examples = "81_Jx3Vn0example")
          @Nullable String ifToken) {}

  /** Whether a refresh took place, and how the token is now. */
  @JsonNaming(SnakeCaseStrategy.class)
  @Schema(name = "RefreshedToken", description = "What came of it.")
  public record RefreshView(
      @Schema(
              description = "Whether this request, or one at the same time, refreshed it.",
              examples = "true")
          boolean refreshed,
      TokenState token) {}

  private final Caller caller;
  private final AuthorizerTokens tokens;
  private final RefreshNow refreshNow;
  private final TokenReads reads;
  private final AuthorizerQueries queries;
  private final AuditTrail audit;

  TokenResource(
      Caller caller,
      AuthorizerTokens tokens,
      RefreshNow refreshNow,
      TokenReads reads,
      AuthorizerQueries queries,
      AuditTrail audit) {
    this.caller = caller;
    this.tokens = tokens;
    this.refreshNow = refreshNow;
    this.reads = reads;
    this.queries = queries;
    this.audit = audit;
  }

  @Operation(
      operationId = "getToken",
      summary = "Read a merchant's access token",
      description = "Valid for a while yet. Do not renew it yourself: ask again.")
  @APIResponse(
      responseCode = "200",
      description = "The token.",
      headers = @Header(name = "Cache-Control", ref = "Cache-Control"))
  @GET
  @RolesAllowed(Scope.TOKENS)
  @ResponseHeader(name = HttpHeaders.CACHE_CONTROL, value = "no-store")
  public TokenView read(@PathParam("authorizer_appid") String authorizerAppid) {
    AuthorizerId id = caller.authorizer(authorizerAppid);
    return switch (tokens.valid(id, null, Deadline.in(PATIENCE, Urgency.INTERACTIVE))) {
      case Valid(Secret token, Instant expiresAt, boolean _) -> {
        audit.tokenRead(id);
        yield new TokenView(token.reveal(), expiresAt);
      }
      case Inactive(AuthorizerStatus status) -> throw inactive(status);
      case Absent(@Nullable LastError error) -> throw absent(error);
      case Unknown() -> throw AuthorizerResource.unknown();
    };
  }

  @Operation(
      operationId = "refreshToken",
      summary = "Refresh a merchant's access token now",
      description =
          "For a token that WeChat refuses. With if_token: only when that is still the current one, so that many who found the same token dead cause one refresh.")
  @APIResponse(
      responseCode = "200",
      description = "Whether it was refreshed, and how the token is now.")
  @POST
  @Path("/refresh")
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Scope.WRITE)
  public RefreshView refresh(
      @PathParam("authorizer_appid") String authorizerAppid, @Nullable RefreshRequest request) {
    AuthorizerId id = caller.authorizer(authorizerAppid);
    StoredToken stored = reads.current(id).orElseThrow(AuthorizerResource::unknown);
    if (!stored.active()) {
      throw inactive(stored.status());
    }
    String ifToken = request == null ? null : request.ifToken();
    // An empty one is a condition that cannot hold, and not no condition.
    if (ifToken != null && !holds(ifToken, stored)) {
      return view(id, false);
    }
    audit.recordIntent(AuditEntry.of(AuditAction.TOKEN_REFRESHED, id));
    return switch (refreshNow.otherThan(
        id, stored.accessToken(), Deadline.in(PATIENCE, Urgency.INTERACTIVE))) {
      case Valid(Secret _, Instant _, boolean refreshed) -> view(id, refreshed);
      case Inactive(AuthorizerStatus status) -> throw inactive(status);
      case Absent(@Nullable LastError error) -> throw absent(error);
      case Unknown() -> throw AuthorizerResource.unknown();
    };
  }

  private static boolean holds(String ifToken, StoredToken stored) {
    Secret expected = Secret.ofNullable(ifToken);
    return expected != null && expected.equals(stored.accessToken());
  }

  private RefreshView view(AuthorizerId id, boolean refreshed) {
    AuthorizerView view = queries.one(id).orElseThrow(AuthorizerResource::unknown);
    return new RefreshView(refreshed, view.token());
  }

  private static RuntimeException inactive(AuthorizerStatus status) {
    return switch (status) {
      case REVOKED ->
          Problems.conflict("authorizer_revoked", "The merchant withdrew its authorization.");
      case REAUTHORIZATION_REQUIRED ->
          Problems.conflict(
              status.name().toLowerCase(Locale.ROOT),
              "No refresh token works any more: the merchant must authorize again.");
      case ACTIVE -> new IllegalStateException("an active merchant was taken for an inactive one");
    };
  }

  private static RuntimeException absent(@Nullable LastError error) {
    HttpProblem problem =
        Problems.unavailable(
            "token_unavailable", "There is no valid token at this moment.", RETRY_AFTER);
    return error == null || error.errmsg() == null
        ? problem
        : HttpProblem.builder(problem)
            .with("wechat", new WeChatView(error.errcode(), error.errmsg(), error.rid()))
            .build();
  }
}
