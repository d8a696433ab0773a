package io.yima.packages;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.subtle.AesGcmJce;
import io.yima.secrets.Secret;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;

/**
 * The key of one package alone. Each chunk is sealed with its number, so that none can stand in
 * another's place. AES-GCM, which the processor does itself; its bound on messages under one key is
 * far beyond the chunks of a package.
 */
final class DataKey {

  private static final int LENGTH = 32;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Secret secret;
  private final Aead aead;

  private DataKey(byte[] key) {
    this.secret = Secret.of(Base64.getEncoder().encodeToString(key));
    try {
      this.aead = new AesGcmJce(key);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM is part of every JDK", e);
    }
  }

  static DataKey fresh() {
    byte[] key = new byte[LENGTH];
    RANDOM.nextBytes(key);
    return new DataKey(key);
  }

  static DataKey of(Secret secret) {
    return new DataKey(Base64.getDecoder().decode(secret.reveal()));
  }

  /** To be sealed itself. */
  Secret secret() {
    return secret;
  }

  byte[] seal(int number, byte[] plain) {
    try {
      return aead.encrypt(plain, place(number));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a chunk of a package cannot be sealed", e);
    }
  }

  /** Throws {@link CodePackageDamaged} for what is not this key's chunk of this number. */
  byte[] open(int number, byte[] sealed) {
    try {
      return aead.decrypt(sealed, place(number));
    } catch (GeneralSecurityException e) {
      throw new CodePackageDamaged("chunk " + number + " of a package does not open", e);
    }
  }

  private static byte[] place(int number) {
    return ("1\n" + number).getBytes(StandardCharsets.US_ASCII);
  }
}
