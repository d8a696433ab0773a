package io.yima.wechat;

import io.yima.secrets.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * A package of codes as WeChat hands it out [M3]: AES-128-CBC in base64, the 16 characters of the
 * merchant's key being key and initialization vector. Nothing authenticates it: what comes out must
 * be checked by whoever knows what it should be.
 */
public final class EncryptedCodes {

  /** A package is large: a download may take so many times as long as another call. */
  public static final int PATIENCE = 6;

  private static final Pattern KEY = Pattern.compile("[\\x21-\\x7e]{16}");
  private static final int BLOCK = 16;

  /** Samples strip up to two blocks [THINGYARD], [TP]: a strict unpadder would refuse those. */
  private static final int LONGEST_PADDING = 32;

  /** How much of the beginning tells text from what another key makes of it. */
  private static final int TASTE = 4096;

  private final String base64;

  public EncryptedCodes(String base64) {
    this.base64 = base64;
  }

  /** What a key made of it. */
  public sealed interface Opened {

    /** Rows of text; the buffer is the caller's alone. */
    record Text(ByteBuffer bytes) implements Opened {}

    /** Nothing that can be read: the package was sealed with another key. */
    record WrongKey() implements Opened {}

    /** The package itself is damaged. */
    record Broken(String why) implements Opened {}
  }

  /** Whether a text has the shape of a code key. */
  public static boolean isKey(String text) {
    return KEY.matcher(text).matches();
  }

  /** Throws {@link IllegalArgumentException} for what {@link #isKey} refuses. */
  public Opened open(Secret codeKey) {
    if (!isKey(codeKey.reveal())) {
      throw new IllegalArgumentException("a code key has 16 printable characters");
    }
    byte[] bytes;
    try {
      bytes = Base64.getDecoder().decode(base64.strip().getBytes(StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      return new Opened.Broken("it is not base64");
    }
    if (bytes.length == 0 || bytes.length % BLOCK != 0) {
      return new Opened.Broken("its length is not a multiple of 16");
    }
    decrypt(bytes, codeKey);
    if (!isText(bytes)) {
      return new Opened.WrongKey();
    }
    int padding = padding(bytes);
    return padding == 0
        ? new Opened.Broken("its padding is wrong")
        : new Opened.Text(ByteBuffer.wrap(bytes, 0, bytes.length - padding));
  }

  private static void decrypt(byte[] bytes, Secret codeKey) {
    byte[] key = codeKey.reveal().getBytes(StandardCharsets.US_ASCII);
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
      cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(key));
      cipher.doFinal(bytes, 0, bytes.length, bytes, 0);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-128-CBC is part of every JDK", e);
    }
  }

  /** Another key leaves noise, of which less than half can be read. */
  private static boolean isText(byte[] bytes) {
    int taste = Math.min(TASTE, Math.max(BLOCK, bytes.length - LONGEST_PADDING));
    int readable = 0;
    for (int i = 0; i < taste; i++) {
      if (bytes[i] >= ' ' || (bytes[i] >= '\t' && bytes[i] <= '\r')) {
        readable++;
      }
    }
    return readable >= taste / 10 * 9;
  }

  /** 1 to 32, or 0 when the last bytes are no padding. */
  private static int padding(byte[] bytes) {
    int padding = bytes[bytes.length - 1];
    if (padding < 1 || padding > LONGEST_PADDING || padding > bytes.length) {
      return 0;
    }
    for (int i = bytes.length - padding; i < bytes.length; i++) {
      if (bytes[i] != padding) {
        return 0;
      }
    }
    return padding;
  }

  @Override
  public String toString() {
    return "[encrypted codes]";
  }
}
