package io.yima.codes;

import io.yima.codes.CodeSelection.Part;
import io.yima.codes.PackageState.Stored;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.function.Function;

/**
 * Reads a selection one chunk at a time, so that it takes no more memory than one, and between two
 * holds neither a connection nor a file.
 */
final class CodeReader {

  private final Function<String, CodeStore> stores;
  private final Function<StoredPackage, DataKey> keys;
  private final CodeSelection selection;

  /** Takes one row; its bytes are those from {@code start} to before {@code end}. */
  @FunctionalInterface
  interface Row {
    void take(long codeIndex, byte[] text, int start, int end);
  }

  /**
   * @param stores which store has a place
   * @param keys opens the data key of a package
   */
  CodeReader(
      Function<String, CodeStore> stores,
      Function<StoredPackage, DataKey> keys,
      CodeSelection selection) {
    this.stores = stores;
    this.keys = keys;
    this.selection = selection;
  }

  /** Writes all rows in a format, its head first. */
  void writeTo(OutputStream out, CodeFormat format) throws IOException {
    out.write(format.head());
    for (Part part : selection.parts()) {
      writeTo(out, format, part);
    }
  }

  /** Writes the rows of one part, without a head. */
  void writeTo(OutputStream out, CodeFormat format, Part part) throws IOException {
    StoredPackage content = stored(part).content();
    DataKey key = keys.apply(content);
    RowBuffer buffer = new RowBuffer();
    int last = content.chunkOf(part.codes().codeEnd());
    for (int number = content.chunkOf(part.codes().codeStart()); number <= last; number++) {
      buffer.clear();
      rows(
          part,
          content.firstIndex(number),
          chunk(content, key, number),
          (index, text, start, end) -> format.write(index, text, start, end, buffer));
      buffer.writeTo(out);
    }
  }

  /** The row of the first code that was selected. */
  byte[] first() {
    Part part = selection.parts().getFirst();
    StoredPackage content = stored(part).content();
    int number = content.chunkOf(part.codes().codeStart());
    byte[][] found = new byte[1][];
    rows(
        part,
        content.firstIndex(number),
        chunk(content, keys.apply(content), number),
        (index, text, start, end) -> {
          if (index == part.codes().codeStart()) {
            found[0] = Arrays.copyOfRange(text, start, end);
          }
        });
    return found[0];
  }

  static Stored stored(Part part) {
    Stored stored = part.of().stored();
    if (stored == null) {
      throw new IllegalStateException("a package was selected that is not stored");
    }
    return stored;
  }

  private byte[] chunk(StoredPackage content, DataKey key, int number) {
    return key.open(number, stores.apply(content.place()).read(content, number));
  }

  private static void rows(Part part, long firstIndex, byte[] text, Row row) {
    long index = firstIndex;
    int start = 0;
    while (start < text.length && index <= part.codes().codeEnd()) {
      int end = start;
      while (text[end] != '\n') {
        end++;
      }
      if (index >= part.codes().codeStart()) {
        row.take(index, text, start, end);
      }
      index++;
      start = end + 1;
    }
  }
}
