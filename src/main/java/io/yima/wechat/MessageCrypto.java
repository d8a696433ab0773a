package io.yima.wechat;

import io.yima.secrets.Secret;
import io.yima.wechat.Decryption.Decrypted;
import io.yima.wechat.Decryption.Reason;
import io.yima.wechat.Decryption.Refused;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** WeChat's message encryption for one platform [TECH], [PUSH]. */
public final class MessageCrypto {

  private final String componentAppid;
  private final Secret messageToken;
  private final List<MessageKey> keys;

  /** Throws {@link IllegalArgumentException} when a key is not an EncodingAESKey. */
  public MessageCrypto(
      String componentAppid,
      Secret messageToken,
      Secret encodingAesKey,
      @Nullable Secret previousEncodingAesKey) {
    this(
        componentAppid,
        messageToken,
        Stream.of(encodingAesKey, previousEncodingAesKey)
            .filter(Objects::nonNull)
            .map(MessageKey::new)
            .toList());
  }

  private MessageCrypto(String componentAppid, Secret messageToken, List<MessageKey> keys) {
    this.componentAppid = componentAppid;
    this.messageToken = messageToken;
    this.keys = keys;
  }

  /** Whether a text has the form of an EncodingAESKey: 43 letters and digits. */
  public static boolean isEncodingAesKey(String text) {
    return MessageKey.FORM.matcher(text).matches();
  }

  /** Verifies, then opens with the current key or else the previous one. */
  public Decryption decrypt(SignedEnvelope envelope) {
    String encrypt = envelope.encrypt().strip();
    String expected = signature(envelope.timestamp(), envelope.nonce(), encrypt);
    if (!MessageDigest.isEqual(bytes(expected), bytes(envelope.msgSignature()))) {
      return new Refused(Reason.BAD_SIGNATURE);
    }
    Reason reason = Reason.BAD_CIPHERTEXT;
    for (MessageKey key : keys) {
      MessageKey.Opened opened = key.open(encrypt);
      if (opened == null) {
        continue;
      }
      if (opened.appid().equals(componentAppid)) {
        return new Decrypted(opened.message(), key != keys.getFirst());
      }
      reason = Reason.FOREIGN_APPID;
    }
    return new Refused(reason);
  }

  /** Encrypts and signs an answer with the current key. */
  public EncryptedReply encrypt(String xml, String timestamp, String nonce, byte[] random16) {
    String encrypt = keys.getFirst().close(xml, componentAppid, random16);
    return new EncryptedReply(encrypt, signature(timestamp, nonce, encrypt), timestamp, nonce);
  }

  /** The same platform, encrypting with whichever key opened the message that is answered. */
  public MessageCrypto answering(Decrypted message) {
    return message.usedPrevious()
        ? new MessageCrypto(componentAppid, messageToken, keys.reversed())
        : this;
  }

  private String signature(String timestamp, String nonce, String encrypt) {
    String[] parts = {messageToken.reveal(), timestamp, nonce, encrypt};
    Arrays.sort(parts);
    try {
      byte[] digest = MessageDigest.getInstance("SHA-1").digest(bytes(String.join("", parts)));
      return HexFormat.of().formatHex(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks SHA-1", e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
