package io.yima.limits;

import io.vertx.core.http.HttpServerRequest;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jboss.logging.Logger;

/**
 * Tells an operator, once, that a proxy may stand in front whom this node does not believe: all
 * callers behind it would share the limits of one address.
 */
@ApplicationScoped
class UntrustedProxy {

  private static final Logger LOG = Logger.getLogger(UntrustedProxy.class);

  private final AtomicBoolean told = new AtomicBoolean();

  void look(HttpServerRequest request) {
    if (!told.get()
        && request.headers().contains("X-Forwarded-For")
        && request.remoteAddress().equals(request.connection().remoteAddress())
        && told.compareAndSet(false, true)) {
      LOG.warnf(
          "A request from %s has X-Forwarded-For, which is not believed. If that is your proxy, name"
              + " it in QUARKUS_HTTP_PROXY_TRUSTED_PROXIES: until then all callers behind it share"
              + " the limits of one address.",
          request.connection().remoteAddress().host());
    }
  }
}
