package io.yima.sandbox;

import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;

/** Sends an answer to one request, whole or spoilt. Each method may be called from any thread. */
final class Responder {

  private final Context context;
  private final HttpServerRequest request;
  private final Runnable ending;

  /**
   * @param ending run just before the answer leaves, so that a client who has its answer is no
   *     longer counted as waiting for it
   */
  Responder(Context context, HttpServerRequest request, Runnable ending) {
    this.context = context;
    this.request = request;
    this.ending = ending;
  }

  void send(Answer answer) {
    onContext(() -> prepare(answer).end(answer.body()));
  }

  /** Half of the body under the length of the whole, and the connection closed. */
  void truncate(Answer answer) {
    onContext(
        () -> {
          Buffer body = Buffer.buffer(answer.body());
          HttpServerResponse response = prepare(answer);
          response.putHeader("Content-Length", Integer.toString(body.length()));
          var _ =
              response
                  .write(body.getBuffer(0, body.length() / 2))
                  .onComplete(done -> request.connection().close());
        });
  }

  /** Closes the connection so that the other side sees a reset, not an orderly end. */
  void reset() {
    onContext(
        () -> {
          if (request.connection() instanceof ConnectionBase connection) {
            Channel channel = connection.channel();
            channel.config().setOption(ChannelOption.SO_LINGER, 0);
            var _ = channel.close();
          } else {
            request.connection().close();
          }
        });
  }

  private HttpServerResponse prepare(Answer answer) {
    HttpServerResponse response = request.response();
    response.setStatusCode(answer.status()).putHeader("Content-Type", answer.contentType());
    answer.headers().forEach(response::putHeader);
    return response;
  }

  private void onContext(Runnable what) {
    context.runOnContext(
        v -> {
          ending.run();
          if (!request.response().ended() && !request.response().closed()) {
            what.run();
          }
        });
  }
}
