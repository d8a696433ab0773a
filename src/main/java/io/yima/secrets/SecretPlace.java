package io.yima.secrets;

import java.nio.charset.StandardCharsets;
import java.util.UUID;

/**
 * Where a sealed secret belongs. The place is authenticated with the ciphertext, so that a sealed
 * value copied into another row, another tenant or another column does not open.
 *
 * @param purpose a stable name such as {@code authorizer.access_token}; never the column's name, so
 *     that renaming a column breaks nothing
 * @param provider the tenant
 * @param row what tells the row apart within the tenant; empty where the tenant has only one
 */
public record SecretPlace(String purpose, UUID provider, String row) {

  private static final int FORMAT_VERSION = 1;

  byte[] associatedData() {
    return (FORMAT_VERSION + "\n" + purpose + "\n" + provider + "\n" + row)
        .getBytes(StandardCharsets.UTF_8);
  }
}
