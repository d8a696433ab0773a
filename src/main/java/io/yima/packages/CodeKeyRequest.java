package io.yima.packages;

import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** A merchant's code key, as it is set; its text tells nothing. */
@Schema(description = "The key that opens a merchant's packages of codes.")
record CodeKeyRequest(
    @Schema(
            description =
                "The 16 characters that WeChat sent to the merchant when it opened the feature.",
            required = true,
            writeOnly = true,
            minLength = 16,
            maxLength = 16,
            examples = "0123456789abcdef")
        @Nullable String key) {

  @Override
  public String toString() {
    return "CodeKeyRequest[key=[secret]]";
  }
}
