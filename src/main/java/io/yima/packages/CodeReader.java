package io.yima.packages;

import io.yima.packages.CodeSelection.Part;
import io.yima.packages.PackageState.Stored;
import java.io.IOException;
import java.io.OutputStream;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Reads a selection one chunk at a time, so that it takes no more memory than one, and between two
 * holds neither a connection nor a file.
 */
final class CodeReader {

  private final Function<String, CodeStore> stores;
  private final Function<StoredPackage, DataKey> keys;
  private final BiConsumer<StoredPackage, CodePackageDamaged> damaged;
  private final CodeSelection selection;
  private final RowBuffer buffer = new RowBuffer();

  /**
   * @param stores which store has a place
   * @param keys opens the data key of a package
   * @param damaged is told of a package whose content is not what was stored
   */
  CodeReader(
      Function<String, CodeStore> stores,
      Function<StoredPackage, DataKey> keys,
      BiConsumer<StoredPackage, CodePackageDamaged> damaged,
      CodeSelection selection) {
    this.stores = stores;
    this.keys = keys;
    this.damaged = damaged;
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
    int last = content.chunkOf(part.codes().codeEnd());
    for (int number = content.chunkOf(part.codes().codeStart()); number <= last; number++) {
      buffer.clear();
      ChunkRows rows = chunk(content, key, number);
      while (rows.next() && rows.index() <= part.codes().codeEnd()) {
        if (rows.index() >= part.codes().codeStart()) {
          format.write(rows, buffer);
        }
      }
      buffer.writeTo(out);
    }
  }

  /** The first code that was selected. */
  CodeView first() {
    Part part = selection.parts().getFirst();
    StoredPackage content = stored(part).content();
    int number = content.chunkOf(part.codes().codeStart());
    ChunkRows rows = chunk(content, keys.apply(content), number);
    while (rows.next()) {
      if (rows.index() == part.codes().codeStart()) {
        return new CodeView(rows.index(), rows.url(), rows.row());
      }
    }
    throw new IllegalStateException("a stored chunk has too few rows");
  }

  static Stored stored(Part part) {
    Stored stored = part.of().stored();
    if (stored == null) {
      throw new IllegalStateException("a package was selected that is not stored");
    }
    return stored;
  }

  private ChunkRows chunk(StoredPackage content, DataKey key, int number) {
    try {
      byte[] sealed = stores.apply(content.place()).read(content, number);
      return new ChunkRows(key.open(number, sealed), content.firstIndex(number));
    } catch (CodePackageDamaged e) {
      damaged.accept(content, e);
      throw e;
    }
  }
}
