package io.yima.security;

import io.quarkus.security.identity.request.BaseAuthenticationRequest;
import io.yima.secrets.Secret;

/** Asks who a key belongs to. */
final class ApiKeyRequest extends BaseAuthenticationRequest {

  private final Secret key;

  ApiKeyRequest(Secret key) {
    this.key = key;
  }

  Secret key() {
    return key;
  }
}
