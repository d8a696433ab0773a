package io.yima.security;

import io.quarkus.vertx.http.security.HttpSecurity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;

/**
 * Nothing under /api and /gateway answers without a key, not even that it does not exist; but where
 * SDKs get a token, they show the key as something else.
 */
@ApplicationScoped
class ProtectedPaths {

  void protect(@Observes HttpSecurity security) {
    security.path("/api/*", "/gateway/*").authenticated();
    security.path("/gateway/*/cgi-bin/token", "/gateway/*/cgi-bin/stable_token").permit();
  }
}
