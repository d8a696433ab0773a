package io.yima.wechat;

import io.yima.secrets.Secret;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * AES-256-CBC as WeChat uses it [OACRYPT]: the IV is the head of the key, and padding goes by
 * blocks of 32 bytes, which the JDK's own padding (of 16) would refuse or get wrong.
 */
final class MessageKey {

  static final Pattern FORM = Pattern.compile("[A-Za-z0-9]{43}");

  private static final int BLOCK = 32;
  private static final int RANDOM = 16;

  /** What a ciphertext held; whether it is for us is not judged here. */
  record Opened(String message, String appid) {}

  private final byte[] key;

  MessageKey(Secret encodingAesKey) {
    if (!FORM.matcher(encodingAesKey.reveal()).matches()) {
      throw new IllegalArgumentException("an EncodingAESKey has 43 letters and digits");
    }
    this.key = Base64.getDecoder().decode(encodingAesKey.reveal() + "=");
  }

  /** Null when the ciphertext is not one of this key. */
  @Nullable Opened open(String encrypt) {
    try {
      byte[] cipherText = Base64.getDecoder().decode(encrypt);
      if (cipherText.length == 0 || cipherText.length % RANDOM != 0) {
        return null;
      }
      byte[] padded = cipher(Cipher.DECRYPT_MODE).doFinal(cipherText);
      int length = unpadded(padded);
      return length < 0 ? null : taken(ByteBuffer.wrap(padded, 0, length));
    } catch (IllegalArgumentException | GeneralSecurityException e) {
      return null;
    }
  }

  String close(String message, String appid, byte[] random) {
    if (random.length != RANDOM) {
      throw new IllegalArgumentException("16 random bytes are needed");
    }
    byte[] text = message.getBytes(StandardCharsets.UTF_8);
    byte[] owner = appid.getBytes(StandardCharsets.UTF_8);
    int length = RANDOM + Integer.BYTES + text.length + owner.length;
    int pad = BLOCK - length % BLOCK;
    byte[] padded = new byte[length + pad];
    ByteBuffer.wrap(padded).put(random).putInt(text.length).put(text).put(owner);
    Arrays.fill(padded, length, padded.length, (byte) pad);
    try {
      return Base64.getEncoder().encodeToString(cipher(Cipher.ENCRYPT_MODE).doFinal(padded));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK lacks AES", e);
    }
  }

  private Cipher cipher(int mode) throws GeneralSecurityException {
    Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
    IvParameterSpec iv = new IvParameterSpec(key, 0, cipher.getBlockSize());
    cipher.init(mode, new SecretKeySpec(key, "AES"), iv);
    return cipher;
  }

  /** The length without the pad; negative when the pad is not 1 to 32 bytes of its own length. */
  private static int unpadded(byte[] padded) {
    int pad = padded[padded.length - 1];
    if (pad < 1 || pad > BLOCK || pad > padded.length) {
      return -1;
    }
    for (int at = padded.length - pad; at < padded.length; at++) {
      if (padded[at] != pad) {
        return -1;
      }
    }
    return padded.length - pad;
  }

  private static @Nullable Opened taken(ByteBuffer plain) {
    try {
      plain.position(RANDOM);
      int length = plain.getInt();
      if (length < 0 || length > plain.remaining()) {
        return null;
      }
      String message = text(plain.slice(plain.position(), length));
      plain.position(plain.position() + length);
      return new Opened(message, text(plain));
    } catch (BufferUnderflowException | CharacterCodingException e) {
      return null;
    }
  }

  private static String text(ByteBuffer bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
  }
}
