package io.yima.api;

import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;

/**
 * A body that is made while it is sent. Where it cannot be made to its end, the connection is
 * closed in the middle of it: left to the framework, a problem is added, the body is ended
 * properly, and its client takes a part for the whole.
 */
public final class WholeBody implements StreamingOutput {

  private final HttpServerRequest request;
  private final StreamingOutput body;

  /**
   * @param request which is answered with it
   * @param body throws when there is no more of it, which is answered as a problem as long as
   *     nothing was sent
   */
  public WholeBody(HttpServerRequest request, StreamingOutput body) {
    this.request = request;
    this.body = body;
  }

  @Override
  public void write(OutputStream out) throws IOException {
    boolean whole = false;
    try {
      body.write(out);
      whole = true;
    } finally {
      if (!whole && request.response().headWritten()) {
        cut();
      }
    }
  }

  /**
   * Waits until what was sent is taken and the connection closed, because until then the framework
   * would send more. A client that takes nothing is cut off for that.
   */
  private void cut() {
    request.connection().close().otherwiseEmpty().toCompletionStage().toCompletableFuture().join();
    // What is told of the end of a response is told by this, and reaches nobody else any more.
    if (!request.response().ended()) {
      request.response().end();
    }
  }
}
