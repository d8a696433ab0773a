package io.yima.sandbox;

import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * WeChat's side of its message encryption: AES-256-CBC over 16 random bytes, the length, the
 * message and the appid, padded to blocks of 32.
 */
final class PushCrypto {

  private static final int BLOCK = 32;

  private PushCrypto() {}

  static String encrypt(String encodingAesKey, String appid, byte[] random, String message) {
    byte[] text = message.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream plain = new ByteArrayOutputStream();
    plain.writeBytes(random);
    plain.writeBytes(ByteBuffer.allocate(4).putInt(text.length).array());
    plain.writeBytes(text);
    plain.writeBytes(appid.getBytes(StandardCharsets.UTF_8));
    int pad = BLOCK - plain.size() % BLOCK;
    for (int i = 0; i < pad; i++) {
      plain.write(pad);
    }
    return Base64.getEncoder()
        .encodeToString(aes(Cipher.ENCRYPT_MODE, encodingAesKey, plain.toByteArray()));
  }

  /** SHA-1 over the parts in their alphabetical order. */
  static String sign(String... parts) {
    String[] sorted = parts.clone();
    Arrays.sort(sorted);
    try {
      MessageDigest sha1 = MessageDigest.getInstance("SHA-1");
      return HexFormat.of()
          .formatHex(sha1.digest(String.join("", sorted).getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The message of a ciphertext, or null when it is none for this appid. */
  static @Nullable String decrypt(String encodingAesKey, String appid, String encrypted) {
    try {
      byte[] padded =
          aes(Cipher.DECRYPT_MODE, encodingAesKey, Base64.getDecoder().decode(encrypted));
      ByteBuffer plain = ByteBuffer.wrap(padded, 0, padded.length - padded[padded.length - 1]);
      byte[] message = new byte[plain.position(16).getInt()];
      plain.get(message);
      byte[] owner = new byte[plain.remaining()];
      plain.get(owner);
      return appid.equals(new String(owner, StandardCharsets.UTF_8))
          ? new String(message, StandardCharsets.UTF_8)
          : null;
    } catch (IllegalArgumentException
        | IllegalStateException
        | BufferUnderflowException
        | NegativeArraySizeException
        | IndexOutOfBoundsException e) {
      return null;
    }
  }

  private static byte[] aes(int mode, String encodingAesKey, byte[] text) {
    try {
      byte[] key = Base64.getDecoder().decode(encodingAesKey + "=");
      Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
      cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(key, 0, 16));
      return cipher.doFinal(text);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether a text is an EncodingAESKey: 43 letters and digits that decode to 32 bytes. */
  static boolean isKey(String text) {
    return text.matches("[A-Za-z0-9]{43}");
  }
}
