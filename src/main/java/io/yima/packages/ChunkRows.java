package io.yima.packages;

import java.nio.charset.StandardCharsets;

/**
 * Goes through the rows of a chunk, which were checked before they were stored: each has one
 * address and ends with a line feed.
 */
final class ChunkRows {

  private final byte[] text;
  private final boolean quotable;
  private long index;
  private int start;
  private int end = -1;
  private int urlStart;
  private int urlEnd;

  /** Stands before the first row. */
  ChunkRows(byte[] text, long firstIndex) {
    this.text = text;
    // Once for all rows, since hardly any has one: what Java does with a string, no loop does.
    String whole = new String(text, StandardCharsets.ISO_8859_1);
    this.quotable = whole.indexOf(',') >= 0 || whole.indexOf('"') >= 0;
    this.index = firstIndex - 1;
  }

  /** Goes to the next row; false when there is none. */
  boolean next() {
    int urlToEnd = end - urlStart;
    start = end + 1;
    if (start == text.length) {
      return false;
    }
    index++;
    end = TextScan.lineEnd(text, start, text.length);
    // Rows are mostly alike: where the last one had its address, seen from its end, comes first.
    if (!isAddress(end - urlToEnd)) {
      findAddress();
    }
    return true;
  }

  private void findAddress() {
    int at = start;
    while (at < end) {
      if (isAddress(at)) {
        return;
      }
      at = TextScan.columnEnd(text, at, end) + 1;
    }
    throw new IllegalStateException("a stored row has no address");
  }

  /** Takes the column that begins there, if one does and it is the address. */
  private boolean isAddress(int at) {
    if (at < start || (at > start && text[at - 1] > ' ')) {
      return false;
    }
    urlStart = at;
    urlEnd = TextScan.columnEnd(text, at, end);
    return TextScan.isAddress(text, urlStart, urlEnd);
  }

  /** The row as it is. */
  String row() {
    return new String(text, start, end - start, StandardCharsets.US_ASCII);
  }

  /** What gets printed. */
  String url() {
    return new String(text, urlStart, urlEnd - urlStart, StandardCharsets.US_ASCII);
  }

  /** The code's index within the application. */
  long index() {
    return index;
  }

  /** Whether any row of the chunk has a comma or a quote, which CSV must quote. */
  boolean quotable() {
    return quotable;
  }

  /** What the places are of. */
  byte[] text() {
    return text;
  }

  /** Where the row begins. */
  int start() {
    return start;
  }

  /** Where the row's line feed is. */
  int end() {
    return end;
  }

  /** Where the printed address begins. */
  int urlStart() {
    return urlStart;
  }

  /** Where the printed address has ended. */
  int urlEnd() {
    return urlEnd;
  }
}
