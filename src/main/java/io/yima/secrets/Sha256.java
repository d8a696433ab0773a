package io.yima.secrets;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.jspecify.annotations.Nullable;

/** SHA-256, of a text or of several parts. */
public final class Sha256 {

  private Sha256() {}

  /** Of the text in UTF-8. */
  public static byte[] of(String text) {
    return digest().digest(bytes(text));
  }

  /** Of texts one after the other, so that no two lists of them are alike; null is not empty. */
  public static byte[] ofParts(@Nullable String... parts) {
    MessageDigest digest = digest();
    for (String part : parts) {
      ByteBuffer bytes = ByteBuffer.wrap(bytes(part == null ? "" : part));
      update(digest, part == null ? -1 : bytes.remaining(), bytes);
    }
    return digest.digest();
  }

  /** Likewise of bytes, whose buffers stay as they are. */
  public static byte[] ofParts(ByteBuffer... parts) {
    MessageDigest digest = digest();
    for (ByteBuffer part : parts) {
      update(digest, part.remaining(), part.duplicate());
    }
    return digest.digest();
  }

  private static void update(MessageDigest digest, int length, ByteBuffer part) {
    digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(length).flip());
    digest.update(part);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** To be fed bit by bit. */
  public static MessageDigest digest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK lacks SHA-256", e);
    }
  }
}
