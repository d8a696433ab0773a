package io.yima.packages;

import io.yima.wechat.ApplicationStatus.CodeRange;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * A package whose content is kept, and how to get at it.
 *
 * @param sealedKey the sealed data key
 * @param place where the content is
 * @param chunkEnds where each sealed chunk ends among all of them
 */
record StoredPackage(
    PackageKey key, CodeRange range, ByteBuffer sealedKey, String place, List<Long> chunkEnds) {

  StoredPackage {
    chunkEnds = List.copyOf(chunkEnds);
  }

  long chunkStart(int number) {
    return number == 0 ? 0 : chunkEnds.get(number - 1);
  }

  int chunkLength(int number) {
    return Math.toIntExact(chunkEnds.get(number) - chunkStart(number));
  }

  /** Which chunk has this code. */
  int chunkOf(long codeIndex) {
    return Math.toIntExact((codeIndex - range.codeStart()) / SealedPackage.ROWS_PER_CHUNK);
  }

  /** The index of a chunk's first code. */
  long firstIndex(int number) {
    return range.codeStart() + (long) number * SealedPackage.ROWS_PER_CHUNK;
  }
}
