package io.yima.packages;

import io.yima.secrets.Sha256;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * The rows of a package, sealed in chunks of so many rows that any row can be had without the
 * others.
 *
 * @param byteCount of the rows themselves
 * @param sha256 of the rows themselves, in hex
 */
record SealedPackage(DataKey key, List<byte[]> chunks, long byteCount, String sha256) {

  /** Small, because each reader of codes holds one in memory. */
  static final int ROWS_PER_CHUNK = 2_000;

  SealedPackage {
    chunks = List.copyOf(chunks);
  }

  static SealedPackage of(PackageRows rows) {
    DataKey key = DataKey.fresh();
    MessageDigest digest = Sha256.digest();
    List<byte[]> chunks = new ArrayList<>();
    long bytes = 0;
    for (int first = 0; first < rows.size(); first += ROWS_PER_CHUNK) {
      byte[] plain = rows.text(first, Math.min(first + ROWS_PER_CHUNK, rows.size()));
      digest.update(plain);
      bytes += plain.length;
      chunks.add(key.seal(chunks.size(), plain));
    }
    return new SealedPackage(key, chunks, bytes, HexFormat.of().formatHex(digest.digest()));
  }

  /** Where each chunk ends among all of them. */
  List<Long> chunkEnds() {
    List<Long> ends = new ArrayList<>();
    long end = 0;
    for (byte[] chunk : chunks) {
      end += chunk.length;
      ends.add(end);
    }
    return ends;
  }
}
