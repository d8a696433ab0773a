package io.yima.secrets;

import com.google.crypto.tink.InsecureSecretKeyAccess;
import com.google.crypto.tink.KeysetHandle;
import com.google.crypto.tink.TinkJsonProtoKeysetFormat;
import com.google.crypto.tink.aead.AeadConfig2026;
import com.google.crypto.tink.aead.PredefinedAeadParameters;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;

/** The keyset that seals every secret at rest: made, read and checked here. */
public final class MasterKeyset {

  private static final String FILE_PREFIX = "file:";

  private MasterKeyset() {}

  /**
   * A new keyset as JSON, for {@code YIMA_MASTER_KEYSET}. XChaCha20-Poly1305, because its random
   * nonces stay safe at a million merchants, where those of AES-GCM would run out within months.
   */
  public static Secret generate() {
    try {
      KeysetHandle keyset =
          KeysetHandle.generateNew(
              PredefinedAeadParameters.XCHACHA20_POLY1305, AeadConfig2026.get());
      return Secret.of(
          TinkJsonProtoKeysetFormat.serializeKeyset(
              keyset, AeadConfig2026.get(), InsecureSecretKeyAccess.get()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no keyset could be made", e);
    }
  }

  static KeysetHandle load(SecretsConfig config) {
    String setting =
        config
            .masterKeyset()
            .map(String::strip)
            .orElseThrow(
                () ->
                    new IllegalStateException(
                        "YIMA_MASTER_KEYSET is not set. It seals every secret at rest. Make one with"
                            + " 'java -jar quarkus-run.jar new-keyset' and keep it safe: without it"
                            + " nothing stored can be read."));
    String json = setting.startsWith(FILE_PREFIX) ? read(setting) : setting;
    return parse(json);
  }

  static KeysetHandle parse(String json) {
    try {
      return TinkJsonProtoKeysetFormat.parseKeyset(
          json, AeadConfig2026.get(), InsecureSecretKeyAccess.get());
    } catch (GeneralSecurityException | RuntimeException e) {
      // The cause may quote what it could not parse, and that is key material.
      throw new IllegalStateException(
          "YIMA_MASTER_KEYSET is not a Tink keyset in JSON. Make one with 'java -jar"
              + " quarkus-run.jar new-keyset'.");
    }
  }

  private static String read(String setting) {
    Path file = Path.of(setting.substring(FILE_PREFIX.length()));
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new IllegalStateException(
          "YIMA_MASTER_KEYSET names a file that cannot be read: " + file, e);
    }
  }
}
