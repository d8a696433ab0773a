package io.yima.wechat;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The outer XML of a push: the ciphertext and whom it is addressed to.
 *
 * @param encrypt without the blanks and line ends around it, which would break the signature
 * @param appId the platform, in authorization events
 * @param toUserName the merchant's account, in messages
 */
public record PushEnvelope(String encrypt, @Nullable String appId, @Nullable String toUserName) {

  /** Reads a body as received; empty when it is not such an envelope. */
  public static Optional<PushEnvelope> parse(byte[] body) {
    return PushedXml.parse(new String(body, StandardCharsets.UTF_8)).flatMap(PushEnvelope::of);
  }

  private static Optional<PushEnvelope> of(PushedXml xml) {
    return Optional.ofNullable(xml.field("Encrypt"))
        .map(encrypt -> new PushEnvelope(encrypt, xml.field("AppId"), xml.field("ToUserName")));
  }
}
