package io.yima.packages;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Packages of codes as WeChat would seal them, out of whatever rows a test wants. */
public final class CraftedPackage {

  private CraftedPackage() {}

  /** Rows as they are met: index, raw code, bits, address. */
  public static String rows(long codeStart, long codeEnd) {
    return LongStream.rangeClosed(codeStart, codeEnd)
        .mapToObj(CraftedPackage::row)
        .collect(Collectors.joining("\n", "", "\n"));
  }

  static String row(long index) {
    return "%d\tC%08d\t0101%d\tP.URL.CN/0U.%016X".formatted(index, index, index % 2, index);
  }

  public static String seal(String text, String key, int padding) {
    byte[] plain = text.getBytes(StandardCharsets.UTF_8);
    int pad = padding - plain.length % padding;
    byte[] padded = Arrays.copyOf(plain, plain.length + pad);
    Arrays.fill(padded, plain.length, padded.length, (byte) pad);
    return Base64.getEncoder().encodeToString(encrypt(padded, key));
  }

  static byte[] encrypt(byte[] padded, String key) {
    byte[] bytes = key.getBytes(StandardCharsets.US_ASCII);
    try {
      Cipher cipher = Cipher.getInstance("AES/CBC/NoPadding");
      cipher.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(bytes, "AES"), new IvParameterSpec(bytes));
      return cipher.doFinal(padded);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
