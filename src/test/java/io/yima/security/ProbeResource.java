package io.yima.security;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.Idempotent;
import io.yima.api.Problems;
import io.yima.database.DatabaseFailed;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
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

  /** How an operation that runs once is to be answered. */
  public record Once(int status, String gate) {}

  static final AtomicInteger RUNS = new AtomicInteger();
  static final Map<String, CountDownLatch> GATES = new ConcurrentHashMap<>();
  static final Semaphore WAITING = new Semaphore(0);

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

  /** Counts how often it ran, waits while told to, and answers as it is told. */
  @POST
  @Path("once")
  @Idempotent
  @RolesAllowed(Scope.WRITE)
  public Response once(@NotNull Once body) throws InterruptedException {
    int run = RUNS.incrementAndGet();
    CountDownLatch gate = GATES.get(String.valueOf(body.gate()));
    if (gate != null) {
      WAITING.release();
      gate.await();
    }
    if (body.status() == 500) {
      throw new IllegalStateException("password 123");
    }
    if (body.status() >= 400) {
      throw Problems.of(body.status(), "probe", "Run " + run);
    }
    return Response.status(body.status())
        .header("Location", "/runs/" + run)
        .entity(Map.of("run", run))
        .build();
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
