package io.yima.security;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.database.DatabaseFailed;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import org.jboss.logging.MDC;

/** Shows tests what a resource gets to see, and fails on request. */
@Path("/api/v1/probe")
@RunOnVirtualThread
public class ProbeResource {

  /** A body with one field of each kind. */
  public record Body(
      String text, Integer number, long primitive, boolean flag, @Valid List<Item> manyItems) {}

  /** Something in a list. */
  public record Item(@Max(10) int itemCount) {}

  private final Caller caller;

  ProbeResource(Caller caller) {
    this.caller = caller;
  }

  @GET
  @RolesAllowed(Scope.READ)
  public Map<String, Object> who() {
    return Map.of(
        "provider", caller.provider().componentAppid(),
        "requested_by", caller.requestedBy(),
        "actor", String.valueOf(caller.actor()),
        "logged", MDC.get("request_id") + " " + MDC.get("provider"));
  }

  @GET
  @Path("authorizers/{appid}")
  @RolesAllowed(Scope.READ)
  public Map<String, String> authorizer(@PathParam("appid") String appid) {
    return Map.of("authorizer_appid", caller.authorizer(appid).authorizerAppid());
  }

  @POST
  @RolesAllowed(Scope.WRITE)
  public Body echo(@NotNull @Valid Body body) {
    return body;
  }

  @GET
  @Path("fail/{how}")
  @RolesAllowed(Scope.READ)
  public String fail(@PathParam("how") String how) {
    throw switch (how) {
      case "connection" -> new DatabaseFailed(new SQLException("refused: password 123", "08001"));
      case "statement" -> new DatabaseFailed(new SQLException("password 123", "42601"));
      default -> new IllegalStateException("password 123");
    };
  }
}
