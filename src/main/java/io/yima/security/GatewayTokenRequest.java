package io.yima.security;

import io.quarkus.security.identity.request.BaseAuthenticationRequest;
import io.yima.secrets.Secret;

/** Asks whose key a gateway token was issued for. */
final class GatewayTokenRequest extends BaseAuthenticationRequest {

  private final Secret token;

  GatewayTokenRequest(Secret token) {
    this.token = token;
  }

  Secret token() {
    return token;
  }
}
