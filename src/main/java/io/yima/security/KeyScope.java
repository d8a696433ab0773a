package io.yima.security;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The scopes that can be given to a provider's key, for the API's description. */
enum KeyScope {
  @JsonProperty(Scope.READ)
  READ,
  @JsonProperty(Scope.WRITE)
  WRITE,
  @JsonProperty(Scope.TOKENS)
  TOKENS,
  @JsonProperty(Scope.CODES)
  CODES,
  @JsonProperty(Scope.GATEWAY)
  GATEWAY
}
