package io.yima.callback;

import io.quarkus.narayana.jta.QuarkusTransactionException;
import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.callback.PushIntake.Intake;
import io.yima.database.DatabaseFailed;
import jakarta.annotation.security.PermitAll;
import jakarta.persistence.PersistenceException;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.RequestBody;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** What WeChat pushes: answered once it is stored, handled after. */
@Path("/wechat/{component_appid}")
@Tag(name = "From WeChat and the browser")
@APIResponse(responseCode = "200", ref = "PushStored")
@APIResponse(responseCode = "400", ref = "PushIncomplete")
@APIResponse(responseCode = "403", ref = "PushRefused")
@APIResponse(responseCode = "404", ref = "PushUnknown")
@APIResponse(responseCode = "413", ref = "PushTooLarge")
@APIResponse(responseCode = "429", ref = "TooMany")
@APIResponse(responseCode = "503", ref = "PushUnavailable")
@RunOnVirtualThread
@PermitAll
public class PushResource {

  private static final Logger LOG = Logger.getLogger(PushResource.class);
  private static final int MAX_BODY = 64 * 1024;

  private final PushIntake intake;

  PushResource(PushIntake intake) {
    this.intake = intake;
  }

  @Operation(
      operationId = "pushEvent",
      summary = "Take a ticket or a change of authorization",
      description = "Verified, decrypted, stored, then answered; handled after.")
  @POST
  @Path("/events")
  @Consumes(MediaType.WILDCARD)
  public Response event(
      @PathParam("component_appid") String componentAppid,
      @BeanParam PushSignature signature,
      @RequestBody(ref = "Push") InputStream body) {
    return take(componentAppid, null, signature, body);
  }

  @Operation(
      operationId = "pushMessage",
      summary = "Take a message or an event of a merchant",
      description =
          "Verified, decrypted, stored, then answered; handled after. Probes of the release check get the encrypted reply or the empty answer that they ask for.")
  @POST
  @Path("/messages/{authorizer_appid}")
  @Consumes(MediaType.WILDCARD)
  public Response message(
      @PathParam("component_appid") String componentAppid,
      @PathParam("authorizer_appid") String authorizerAppid,
      @BeanParam PushSignature signature,
      @RequestBody(ref = "Push") InputStream body) {
    return take(componentAppid, authorizerAppid, signature, body);
  }

  private Response take(
      String componentAppid,
      @Nullable String authorizerAppid,
      PushSignature signature,
      InputStream body) {
    byte[] bytes;
    try {
      bytes = body.readNBytes(MAX_BODY + 1);
    } catch (IOException e) {
      // Who breaks off hears no answer, and must not be able to fill the log.
      LOG.debugf("A push for %s broke off", componentAppid);
      return text(400, "incomplete");
    }
    if (bytes.length > MAX_BODY) {
      return text(413, "too large");
    }
    try {
      return switch (intake.take(componentAppid, authorizerAppid, signature, bytes)) {
        // Exactly this word: anything else makes WeChat stop pushing [TICKET-TS].
        case Intake.Stored _ -> text(200, "success");
        case Intake.Replied(String answer) -> reply(answer);
        case Intake.Refused _ -> text(403, "refused");
        case Intake.UnknownComponent _ -> text(404, "unknown");
      };
    } catch (DatabaseFailed | PersistenceException | QuarkusTransactionException e) {
      LOG.errorf(e, "A push for %s could not be stored", componentAppid);
      return Response.fromResponse(text(503, "unavailable")).header("Retry-After", 2).build();
    }
  }

  private static Response reply(String answer) {
    return answer.isEmpty()
        ? text(200, "")
        : Response.ok(answer).type("text/xml;charset=UTF-8").build();
  }

  private static Response text(int status, String text) {
    return Response.status(status).type("text/plain;charset=UTF-8").entity(text).build();
  }
}
