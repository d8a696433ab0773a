package io.yima.callback;

import io.yima.wechat.PushEnvelope;
import io.yima.wechat.SignedEnvelope;
import jakarta.ws.rs.QueryParam;
import org.jspecify.annotations.Nullable;

/**
 * The query parameters that sign a push. WeChat also sends {@code signature}, which leaves the body
 * out and proves nothing [TECH]: it is not read.
 */
record PushSignature(
    @QueryParam("msg_signature") @Nullable String msgSignature,
    @QueryParam("timestamp") @Nullable String timestamp,
    @QueryParam("nonce") @Nullable String nonce) {

  /** A missing parameter is an empty one, which no signature fits. */
  SignedEnvelope over(PushEnvelope envelope) {
    return new SignedEnvelope(text(msgSignature), text(timestamp), text(nonce), envelope.encrypt());
  }

  private static String text(@Nullable String parameter) {
    return parameter == null ? "" : parameter;
  }
}
