package io.yima.sandbox;

import io.yima.sandbox.SandboxCodes.Place;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * What {@code applycodedownload} hands out: rows of codes under AES-128-CBC with the account's key,
 * which is the initialization vector too, padded to blocks of 16 or 32, in base64.
 */
final class CodePackage {

  private static final int KEY_LENGTH = 16;

  private CodePackage() {}

  static boolean isKey(String text) {
    return text.matches("[0-9A-Za-z]{16}");
  }

  /** Both ends are inclusive. */
  static String of(long applicationId, long codeStart, long codeEnd, String key, int padding) {
    int rows = Math.toIntExact(codeEnd - codeStart + 1);
    byte[] plain = new byte[Math.multiplyExact(rows, SandboxCodes.longestRow()) + padding];
    int length = 0;
    for (long index = codeStart; index <= codeEnd; index++) {
      length = SandboxCodes.writeRow(new Place(applicationId, index), plain, length);
    }
    int pad = padding - length % padding;
    Arrays.fill(plain, length, length + pad, (byte) pad);
    return Base64.getEncoder().encodeToString(encrypt(plain, length + pad, key));
  }

  private static byte[] encrypt(byte[] plain, int length, String key) {
    byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
    if (bytes.length != KEY_LENGTH) {
      throw new IllegalArgumentException("a code key has 16 characters");
    }
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(bytes, "AES"), new IvParameterSpec(bytes));
      return cipher.doFinal(plain, 0, length);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
