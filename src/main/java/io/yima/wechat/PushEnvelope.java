package io.yima.wechat;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The outer XML of a push: the ciphertext and whom it is addressed to.
 *
 * @param appId the platform, in authorization events
 * @param toUserName the merchant's account, in messages
 */
public record PushEnvelope(String encrypt, @Nullable String appId, @Nullable String toUserName) {

  /** Reads a body as received; empty when it is not such an envelope. */
  public static Optional<PushEnvelope> parse(byte[] body) {
    return Unwritten.here();
  }
}
