package io.yima.limits;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;

/**
 * Closes the connection of a client that takes too long to send its request's body, however
 * steadily it trickles and whether or not anybody reads it.
 */
@ApplicationScoped
class SlowClients {

  private static final int RIGHT_BEHIND_THE_REQUEST_ID = 99_000;

  private final Duration bodyWithin;

  SlowClients(LimitSettings settings) {
    bodyWithin = settings.bodyWithin();
  }

  void register(@Observes Filters filters) {
    filters.register(this::watch, RIGHT_BEHIND_THE_REQUEST_ID);
  }

  private void watch(RoutingContext context) {
    HttpServerRequest request = context.request();
    tell(request, HeadDeadline.ARRIVED);
    context.addBodyEndHandler(answered -> tell(request, HeadDeadline.ANSWERED));
    if (mayHaveBody(request)) {
      long timer =
          context.vertx().setTimer(bodyWithin.toMillis(), late -> closeUnlessReceived(request));
      request.end().onComplete(received -> context.vertx().cancelTimer(timer));
    }
    context.next();
  }

  private static boolean mayHaveBody(HttpServerRequest request) {
    return request.headers().contains("Content-Length")
        || request.headers().contains("Transfer-Encoding");
  }

  private static void closeUnlessReceived(HttpServerRequest request) {
    if (!request.isEnded()) {
      request.connection().close();
    }
  }

  private static void tell(HttpServerRequest request, String event) {
    if (request.connection() instanceof ConnectionBase connection) {
      connection.channel().pipeline().fireUserEventTriggered(event);
    }
  }
}
