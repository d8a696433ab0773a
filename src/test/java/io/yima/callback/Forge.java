package io.yima.callback;

import io.yima.testsupport.ComponentApp;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Makes pushes by hand, down to the pad, and reads them: by the letter of [TECH], and with none of
 * the code that it puts to the test.
 */
record Forge(ComponentApp app) {

  private static final int BLOCK = 32;
  private static final int HEAD = 16;
  private static final String TIMESTAMP = "1700000000";
  private static final String NONCE = "4711";

  /** A push without fault. */
  Push push(String xml) {
    return signed(sealed(padded(plain(xml.getBytes(StandardCharsets.UTF_8)))));
  }

  byte[] plain(byte[] message) {
    return plain(message, message.length, app.appid());
  }

  byte[] plain(byte[] message, int length, String owner) {
    byte[] appid = owner.getBytes(StandardCharsets.UTF_8);
    return ByteBuffer.allocate(HEAD + Integer.BYTES + message.length + appid.length)
        .put("0123456789abcdef".getBytes(StandardCharsets.US_ASCII))
        .putInt(length)
        .put(message)
        .put(appid)
        .array();
  }

  static byte[] padded(byte[] plain) {
    return padded(plain, BLOCK - plain.length % BLOCK);
  }

  /** As long a pad as there should be, of another value. */
  static byte[] padded(byte[] plain, int value) {
    byte[] padded = Arrays.copyOf(plain, plain.length + BLOCK - plain.length % BLOCK);
    Arrays.fill(padded, plain.length, padded.length, (byte) value);
    return padded;
  }

  String sealed(byte[] padded) {
    return Base64.getEncoder().encodeToString(aes(Cipher.ENCRYPT_MODE, padded));
  }

  Push signed(String encrypt) {
    return signed(encrypt, TIMESTAMP, NONCE);
  }

  Push signed(String encrypt, String timestamp, String nonce) {
    return new Push(
        sha1(app.messageToken(), timestamp, nonce, encrypt), timestamp, nonce, envelope(encrypt));
  }

  String envelope(String encrypt) {
    return "<xml><AppId><![CDATA[%s]]></AppId><Encrypt><![CDATA[%s]]></Encrypt></xml>"
        .formatted(app.appid(), encrypt);
  }

  /** What {@code signature} holds, which leaves out the body. */
  String signatureWithoutBody() {
    return sha1(app.messageToken(), TIMESTAMP, NONCE);
  }

  /** The message in a ciphertext, if every rule is kept and it is for this app. */
  Optional<String> read(String encrypt) {
    try {
      byte[] cipherText = Base64.getDecoder().decode(encrypt);
      if (cipherText.length == 0 || cipherText.length % HEAD != 0) {
        return Optional.empty();
      }
      byte[] plain = aes(Cipher.DECRYPT_MODE, cipherText);
      int pad = plain[plain.length - 1];
      int end = plain.length - pad;
      if (pad < 1 || pad > BLOCK || end < HEAD + Integer.BYTES) {
        return Optional.empty();
      }
      for (int at = end; at < plain.length; at++) {
        if (plain[at] != pad) {
          return Optional.empty();
        }
      }
      int from = HEAD + Integer.BYTES;
      int length = ByteBuffer.wrap(plain).getInt(HEAD);
      if (length < 0 || length > end - from) {
        return Optional.empty();
      }
      byte[] owner = Arrays.copyOfRange(plain, from + length, end);
      return Arrays.equals(owner, app.appid().getBytes(StandardCharsets.UTF_8))
          ? Optional.of(text(Arrays.copyOfRange(plain, from, from + length)))
          : Optional.empty();
    } catch (IllegalArgumentException | CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static String text(byte[] bytes) throws CharacterCodingException {
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private byte[] aes(int mode, byte[] blocks) {
    try {
      byte[] key = Base64.getDecoder().decode(app.encodingAesKey() + "=");
      Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
      cipher.init(mode, new SecretKeySpec(key, "AES"), new IvParameterSpec(key, 0, HEAD));
      return cipher.doFinal(blocks);
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String sha1(String... parts) {
    String[] sorted = parts.clone();
    Arrays.sort(sorted);
    try {
      return HexFormat.of()
          .formatHex(
              MessageDigest.getInstance("SHA-1")
                  .digest(String.join("", sorted).getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
