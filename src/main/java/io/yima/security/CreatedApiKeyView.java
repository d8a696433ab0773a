package io.yima.security;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** A new key, with the secret that is shown this once. */
@Schema(name = "CreatedApiKey", description = "A new key, with its secret.")
record CreatedApiKeyView(
    @Schema(
            description = "The key itself, shown this once.",
            examples = "yima_pk_Zk3x9a7c0000000000000000000000000000000000000")
        String key,
    @JsonUnwrapped ApiKeyView record) {

  static CreatedApiKeyView of(ApiKeyService.Created created) {
    return new CreatedApiKeyView(created.secret().reveal(), created.key());
  }

  @Override
  public String toString() {
    return "CreatedApiKeyView[" + record + "]";
  }
}
