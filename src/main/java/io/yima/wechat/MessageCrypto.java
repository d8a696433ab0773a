package io.yima.wechat;

import io.yima.secrets.Secret;
import org.jspecify.annotations.Nullable;

/** WeChat's message encryption for one platform [TECH], [PUSH]. */
public final class MessageCrypto {

  public MessageCrypto(
      String componentAppid,
      Secret messageToken,
      Secret encodingAesKey,
      @Nullable Secret previousEncodingAesKey) {}

  /** Whether a text has the form of an EncodingAESKey: 43 letters and digits. */
  public static boolean isEncodingAesKey(String text) {
    return Unwritten.here();
  }

  /** Verifies, then opens with the current key or else the previous one. */
  public Decryption decrypt(SignedEnvelope envelope) {
    return Unwritten.here();
  }

  /** Encrypts and signs an answer with the current key. */
  public EncryptedReply encrypt(String xml, String timestamp, String nonce, byte[] random16) {
    return Unwritten.here();
  }

  /** The same platform, encrypting with whichever key opened the message that is answered. */
  public MessageCrypto answering(Decryption.Decrypted message) {
    return Unwritten.here();
  }
}
