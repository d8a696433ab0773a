package io.yima.authorizer;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.Page;
import io.yima.api.PageRequest;
import io.yima.api.Problems;
import io.yima.api.Refuses;
import io.yima.authorizer.AuthorizerQueries.Filter;
import io.yima.security.Caller;
import io.yima.security.Scope;
import io.yima.tenancy.AuthorizerId;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** A provider's merchants. */
@Path("/api/v1/authorizers")
@Tag(name = "Authorizers")
@Produces(MediaType.APPLICATION_JSON)
@RunOnVirtualThread
public class AuthorizerResource {

  private final Caller caller;
  private final AuthorizerQueries queries;
  private final Adoption adoption;
  private final AuthorizerHistory history;

  AuthorizerResource(
      Caller caller, AuthorizerQueries queries, Adoption adoption, AuthorizerHistory history) {
    this.caller = caller;
    this.queries = queries;
    this.history = history;
    this.adoption = adoption;
  }

  @Operation(operationId = "listAuthorizers", summary = "List merchants", description = "By appid.")
  @APIResponse(responseCode = "200", description = "A page of merchants.")
  @GET
  @RolesAllowed(Scope.READ)
  public Page<AuthorizerView> list(
      @Parameter(
              description = "Only merchants with this status.",
              example = "ACTIVE",
              schema = @Schema(implementation = AuthorizerStatus.class))
          @QueryParam("status")
          @Nullable String status,
      @Parameter(description = "Only merchants who granted this permission set.", example = "46")
          @QueryParam("permission_set")
          @Nullable Integer permissionSet,
      @Parameter(
              description =
                  "Only merchants with this in appid, nick_name or principal_name; no control characters.",
              example = "茶")
          @QueryParam("q")
          @Nullable String q,
      @QueryParam("limit") @Nullable Integer limit,
      @QueryParam("after") @Nullable String after) {
    if (q != null && q.codePoints().anyMatch(Character::isISOControl)) {
      throw Problems.invalid("q", "must not contain control characters");
    }
    PageRequest page =
        PageRequest.of(
            limit,
            after,
            "authorizers",
            caller.sight(),
            status,
            Objects.toString(permissionSet, null),
            q);
    Filter filter =
        new Filter(
            status == null ? null : status(status), permissionSet, q, caller.onlyAuthorizers());
    return queries.list(caller.provider().id(), filter, page);
  }

  @Operation(operationId = "getAuthorizer", summary = "Show a merchant")
  @APIResponse(responseCode = "200", description = "The merchant.")
  @Refuses(
      status = 404,
      code = "authorizer_not_found",
      when = "No such merchant has authorized this provider.")
  @GET
  @Path("/{authorizer_appid}")
  @RolesAllowed(Scope.READ)
  public AuthorizerView one(@PathParam("authorizer_appid") String authorizerAppid) {
    return queries.one(caller.authorizer(authorizerAppid)).orElseThrow(AuthorizerResource::unknown);
  }

  @Operation(
      operationId = "getAuthorizerHistory",
      summary = "Tell a merchant's history",
      description =
          "Oldest first: what comparisons with WeChat found to have changed without a push, such as permission sets.")
  @APIResponse(responseCode = "200", description = "A page of what changed.")
  @Refuses(
      status = 404,
      code = "authorizer_not_found",
      when = "The appid cannot be one, or no such merchant has authorized this provider.")
  @GET
  @Path("/{authorizer_appid}/history")
  @RolesAllowed(Scope.READ)
  public Page<AuthorizerEventView> history(
      @PathParam("authorizer_appid") String authorizerAppid,
      @QueryParam("limit") @Nullable Integer limit,
      @QueryParam("after") @Nullable String after) {
    AuthorizerId authorizer = caller.authorizer(authorizerAppid);
    PageRequest page =
        PageRequest.of(limit, after, "authorizer-history", caller.sight(), authorizerAppid);
    if (queries.one(authorizer).isEmpty()) {
      throw unknown();
    }
    return history.page(authorizer, page).map(AuthorizerEventView::of);
  }

  /** Takes over every merchant who authorized this app already; the work is done behind. */
  @Operation(
      operationId = "adoptAuthorizers",
      summary = "Take over all merchants who authorized already",
      description =
          "Asks WeChat for its list, behind the answer. Reconciliation does the same by itself every few hours.")
  @Refuses(
      status = 403,
      code = "authorizer_not_allowed",
      when = "A key for some merchants may not bring in others.")
  @APIResponse(responseCode = "202", description = "To be done.")
  @POST
  @Path("/adopt")
  @RolesAllowed(Scope.WRITE)
  public Response adopt() {
    // It brings in merchants whom a restricted key must not reach.
    caller.requireAllowed(null);
    adoption.begin(caller.provider().id());
    return Response.accepted().build();
  }

  static RuntimeException unknown() {
    return Problems.notFound("authorizer_not_found", "There is no such authorizer.");
  }

  private static AuthorizerStatus status(String text) {
    return Arrays.stream(AuthorizerStatus.values())
        .filter(status -> status.name().equals(text))
        .findFirst()
        .orElseThrow(
            () ->
                Problems.invalid(
                    "status", "must be one of " + Arrays.toString(AuthorizerStatus.values())));
  }
}
