package io.yima.security;

import io.quarkus.vertx.http.security.HttpSecurity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/** Nothing under /api answers without a key, not even that it does not exist. */
@ApplicationScoped
class ProtectedPaths {

  void protect(@Observes HttpSecurity security) {
    security.path("/api/*").authenticated();
  }
}
