package io.yima.security;

import com.fasterxml.jackson.annotation.JsonUnwrapped;

/** A new key, with the secret that is shown this once. */
record CreatedApiKeyView(String key, @JsonUnwrapped ApiKeyView record) {

  static CreatedApiKeyView of(ApiKeyService.Created created) {
    return new CreatedApiKeyView(created.secret().reveal(), created.key());
  }

  @Override
  public String toString() {
    return "CreatedApiKeyView[" + record + "]";
  }
}
