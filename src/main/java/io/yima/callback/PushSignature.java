package io.yima.callback;

import io.yima.wechat.PushEnvelope;
import io.yima.wechat.SignedEnvelope;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters that sign a push. WeChat also sends {@code signature}, which leaves the body
 * out and proves nothing [TECH]: it is not read.
 */
record PushSignature(
    @Parameter(
            description = "WeChat's SHA-1 over token, timestamp, nonce and the encrypted part.",
            example = "bcdd0b53fc8dc0d8c0b0d9d2f5dbd2a6f3a0f7a1")
        @QueryParam("msg_signature")
        @Nullable String msgSignature,
    @Parameter(description = "When WeChat signed.", example = "1790474584") @QueryParam("timestamp")
        @Nullable String timestamp,
    @Parameter(description = "A random text of WeChat's.", example = "4711") @QueryParam("nonce")
        @Nullable String nonce) {

  /** A missing parameter is an empty one, which no signature fits. */
  SignedEnvelope over(PushEnvelope envelope) {
    return new SignedEnvelope(text(msgSignature), text(timestamp), text(nonce), envelope.encrypt());
  }

  private static String text(@Nullable String parameter) {
    return parameter == null ? "" : parameter;
  }
}
