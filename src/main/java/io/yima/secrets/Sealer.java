package io.yima.secrets;

import com.google.crypto.tink.Aead;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.aead.AeadConfig2026;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/**
 * Seals secrets for storage and opens them again, with the master keyset. Safe for many threads.
 */
@Singleton
public class Sealer {

  private final Aead aead;

  @Inject
  Sealer(SecretsConfig config) {
    this(MasterKeyset.load(config));
  }

  Sealer(KeysetHandle keyset) {
    try {
      aead = keyset.getPrimitive(AeadConfig2026.get(), Aead.class);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("YIMA_MASTER_KEYSET is not an AEAD keyset", e);
    }
  }

  /** The sealed form of a secret; different at every call. */
  public byte[] seal(SecretPlace place, Secret secret) {
    return seal(place, secret.reveal().getBytes(StandardCharsets.UTF_8));
  }

  /** {@link #seal(SecretPlace, Secret)} for a value that may be absent. */
  public byte @Nullable [] sealNullable(SecretPlace place, @Nullable Secret secret) {
    return secret == null ? null : seal(place, secret);
  }

  /** The secret that was sealed for this place; throws {@link UnsealFailed} for any other. */
  public Secret open(SecretPlace place, byte[] sealed) {
    try {
      return Secret.of(
          new String(aead.decrypt(sealed, place.associatedData()), StandardCharsets.UTF_8));
    } catch (GeneralSecurityException e) {
      throw new UnsealFailed(place, e);
    }
  }

  /** {@link #open(SecretPlace, byte[])} for a column that may be null. */
  public @Nullable Secret openNullable(SecretPlace place, byte @Nullable [] sealed) {
    return sealed == null ? null : open(place, sealed);
  }

  private byte[] seal(SecretPlace place, byte[] plaintext) {
    try {
      return aead.encrypt(plaintext, place.associatedData());
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("sealing failed for " + place.purpose(), e);
    }
  }
}
