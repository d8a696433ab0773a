package io.yima.observability;

import io.smallrye.common.annotation.RunOnVirtualThread;
import io.yima.api.Page;
import io.yima.api.PageRequest;
import io.yima.security.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** The nodes of this deployment, for operators. */
@Path("/api/v1/nodes")
@Tag(name = "Nodes")
@RunOnVirtualThread
@Produces(MediaType.APPLICATION_JSON)
public class NodeResource {

  private final NodeList nodes;

  NodeResource(NodeList nodes) {
    this.nodes = nodes;
  }

  @Operation(
      operationId = "listNodes",
      summary = "List the nodes",
      description = "By name; those that stopped or fell silent within a week, too.")
  @APIResponse(responseCode = "200", description = "A page of nodes.")
  @GET
  @RolesAllowed(Scope.OPERATOR)
  public Page<NodeView> list(
      @QueryParam("limit") @Nullable Integer limit, @QueryParam("after") @Nullable String after) {
    return nodes.page(PageRequest.of(limit, after, "nodes"));
  }
}
