package io.yima.packages;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.Problems;
import io.yima.api.Refuses;
import io.yima.secrets.Secret;
import io.yima.security.Caller;
import io.yima.security.Scope;
import io.yima.wechat.EncryptedCodes;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Takes the key that opens a merchant's packages of codes. */
@Path("/api/v1/authorizers/{authorizer_appid}/code-key")
@Tag(name = "Codes")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class CodeKeyResource {

  private final CodeKeys keys;
  private final Caller caller;

  CodeKeyResource(CodeKeys keys, Caller caller) {
    this.keys = keys;
    this.caller = caller;
  }

  @Operation(
      operationId = "setCodeKey",
      summary = "Set a merchant's code key",
      description =
          "The key is stored sealed and never returned. Packages that waited for it, or that a former one did not open, are tried at once.")
  @APIResponse(responseCode = "204", description = "The key is set.")
  @Refuses(status = 400, code = "body_required", when = "There is no body.")
  @Refuses(
      status = 404,
      code = "authorizer_not_found",
      when = "The appid cannot be one, or no such merchant has authorized this provider.")
  @PUT
  @Consumes(MediaType.APPLICATION_JSON)
  @RolesAllowed(Scope.CODES)
  public void set(
      @PathParam("authorizer_appid") String authorizerAppid, @Nullable CodeKeyRequest request) {
    var authorizer = caller.authorizer(authorizerAppid);
    if (request == null) {
      throw Problems.of(400, "body_required", "The request has no body.");
    }
    String key = request.key();
    if (key == null || !EncryptedCodes.isKey(key)) {
      throw Problems.invalid("key", "must be 16 printable ASCII characters");
    }
    keys.put(authorizer, Secret.of(key), caller.requestedBy(), caller.actor());
  }
}
