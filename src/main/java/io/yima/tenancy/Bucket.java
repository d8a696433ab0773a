package io.yima.tenancy;

import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;

/**
 * One of 256 shares into which the rows of the hot tables fall, by CRC-32 of the authorizer's
 * appid. It is in no key today; it keeps the way open to spread those tables over several
 * databases.
 */
final class Bucket {

  private Bucket() {}

  static short of(String authorizerAppid) {
    CRC32 crc = new CRC32();
    crc.update(authorizerAppid.getBytes(StandardCharsets.UTF_8));
    return (short) (crc.getValue() & 255);
  }
}
