package io.yima.wechat;

import io.yima.secrets.Secret;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.ShortBufferException;
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

  /**
   * How many characters are decoded and decrypted at once, some whole blocks: what is small is in
   * the processor's cache, and only what is called often is compiled to the processor's own
   * instructions for it.
   */
  private static final int PIECE = 16 << 10;

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
    String text = base64.strip();
    byte[] plain = new byte[text.length() / 4 * 3 + 3];
    int length = decrypt(text, plain, cipher(codeKey));
    if (length < 0) {
      return new Opened.Broken("it is not base64");
    }
    if (length == 0 || length % BLOCK != 0) {
      return new Opened.Broken("its length is not a multiple of 16");
    }
    if (!isText(plain, length)) {
      return new Opened.WrongKey();
    }
    int padding = padding(plain, length);
    return padding == 0
        ? new Opened.Broken("its padding is wrong")
        : new Opened.Text(ByteBuffer.wrap(plain, 0, length - padding));
  }

  /** How many bytes there are, or -1 where it is not base64. */
  private static int decrypt(String base64, byte[] plain, Cipher cipher) {
    int length = 0;
    try {
      for (int at = 0; at < base64.length(); at += PIECE) {
        int end = Math.min(at + PIECE, base64.length());
        byte[] piece = Base64.getDecoder().decode(base64.substring(at, end));
        boolean endsEarly = piece.length < PIECE / 4 * 3 && end < base64.length();
        if (endsEarly) {
          return -1;
        }
        // Puts out whole blocks only: what is left over at the end shows in the length.
        cipher.update(piece, 0, piece.length, plain, length);
        length += piece.length;
      }
      return length;
    } catch (IllegalArgumentException e) {
      return -1;
    } catch (ShortBufferException e) {
      throw new IllegalStateException("four characters are three bytes", e);
    }
  }

  private static Cipher cipher(Secret codeKey) {
    byte[] key = codeKey.reveal().getBytes(StandardCharsets.US_ASCII);
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
      cipher.init(Cipher.DECRYPT_MODE, new SecretKeySpec(key, "AES"), new IvParameterSpec(key));
      return cipher;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-128-CBC is part of every JDK", e);
    }
  }

  /** Another key leaves noise, of which less than half can be read. */
  private static boolean isText(byte[] bytes, int length) {
    int taste = Math.min(TASTE, Math.max(BLOCK, length - LONGEST_PADDING));
    int readable = 0;
    for (int i = 0; i < taste; i++) {
      if (bytes[i] >= ' ' || (bytes[i] >= '\t' && bytes[i] <= '\r')) {
        readable++;
      }
    }
    return readable >= taste / 10 * 9;
  }

  /** 1 to 32, or 0 when the last bytes are no padding. */
  private static int padding(byte[] bytes, int length) {
    int padding = bytes[length - 1];
    if (padding < 1 || padding > LONGEST_PADDING || padding > length) {
      return 0;
    }
    for (int i = length - padding; i < length; i++) {
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
