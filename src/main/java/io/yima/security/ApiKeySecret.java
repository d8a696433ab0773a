package io.yima.security;

import io.yima.secrets.Secret;
import io.yima.secrets.Sha256;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.CRC32;

/**
 * The text of an API key: a prefix that tells scanners and people what it is, 40 random characters,
 * and a checksum that lets a mistyped one be refused without asking the database. Only its SHA-256
 * is ever stored.
 */
public final class ApiKeySecret {

  public static final String OPERATOR_PREFIX = "yima_op_";
  public static final String PROVIDER_PREFIX = "yima_pk_";

  private static final String ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
  private static final int RANDOM_LENGTH = 40;
  private static final int CHECKSUM_LENGTH = 8;
  private static final int SHOWN_LENGTH = 6;
  private static final SecureRandom RANDOM = new SecureRandom();

  private ApiKeySecret() {}

  public static Secret generateOperatorKey() {
    return generate(OPERATOR_PREFIX);
  }

  public static Secret generateProviderKey() {
    return generate(PROVIDER_PREFIX);
  }

  /** Whether a text has the shape and the checksum of a key. */
  public static boolean isWellFormed(String text) {
    return prefix(text)
        .filter(prefix -> text.length() == prefix.length() + RANDOM_LENGTH + CHECKSUM_LENGTH)
        .filter(
            prefix -> text.endsWith(checksum(text.substring(0, text.length() - CHECKSUM_LENGTH))))
        .isPresent();
  }

  /** What may be shown of a key so that people can tell theirs apart. */
  public static String shownPart(Secret key) {
    String text = key.reveal();
    int prefixLength = prefix(text).map(String::length).orElse(0);
    return text.substring(0, Math.min(text.length(), prefixLength + SHOWN_LENGTH));
  }

  /** What is stored of a key. A fast hash is right here: the key itself has 238 random bits. */
  public static byte[] sha256(Secret key) {
    return Sha256.of(key.reveal());
  }

  private static Secret generate(String prefix) {
    StringBuilder key = new StringBuilder(prefix);
    for (int i = 0; i < RANDOM_LENGTH; i++) {
      key.append(ALPHABET.charAt(RANDOM.nextInt(ALPHABET.length())));
    }
    return Secret.of(key + checksum(key.toString()));
  }

  private static Optional<String> prefix(String text) {
    return Optional.of(text)
        .filter(t -> t.startsWith(OPERATOR_PREFIX))
        .map(t -> OPERATOR_PREFIX)
        .or(
            () ->
                Optional.of(text)
                    .filter(t -> t.startsWith(PROVIDER_PREFIX))
                    .map(t -> PROVIDER_PREFIX));
  }

  private static String checksum(String text) {
    CRC32 crc = new CRC32();
    crc.update(text.getBytes(StandardCharsets.UTF_8));
    return String.format(Locale.ROOT, "%08x", crc.getValue());
  }
}
