package io.yima.limits;

import io.smallrye.common.annotation.RunOnVirtualThread;
import jakarta.annotation.security.RolesAllowed;
import jakarta.inject.Singleton;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.util.concurrent.Semaphore;

/** Keeps requests under way until a test lets them go. */
@Path("/api/v1/held")
@RunOnVirtualThread
@Singleton
public class HeldResource {

  private final Semaphore arrived = new Semaphore(0);
  private final Semaphore gate = new Semaphore(0);

  @GET
  @RolesAllowed("read")
  public String hold() {
    arrived.release();
    gate.acquireUninterruptibly();
    return "held";
  }

  void awaitArrived(int count) {
    arrived.acquireUninterruptibly(count);
  }

  void letGo(int count) {
    gate.release(count);
  }
}
