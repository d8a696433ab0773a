package io.yima.codes;

import io.yima.wechat.ApplicationStatus.CodeRange;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;

/**
 * The rows of a package, in order of index, checked against the range they are said to be of.
 * Nobody documents what the columns are [M3], so that only this is believed: four of them, divided
 * by blanks or tabs, one of which is the printed address. A column that counts the range through is
 * the index; without one the order of the rows is.
 */
final class PackageRows {

  /** What a printed address begins with [F-4COL]. */
  static final byte[] URL_PREFIX = {'P', '.', 'U', 'R', 'L', '.', 'C', 'N', '/'};

  private static final int COLUMNS = 4;
  private static final int LEAST_ROW = URL_PREFIX.length + 2 * (COLUMNS - 1);
  private static final int MOST_DIGITS = 10;
  private static final long FNV_BASIS = 0xcbf29ce484222325L;
  private static final long FNV_PRIME = 0x100000001b3L;

  private final byte[] text;
  private final CodeRange range;
  private final int[] starts;
  private final int[] ends;
  private final long[] urls;
  private final IndexColumn[] indexes = new IndexColumn[COLUMNS];
  private int count;
  private int urlColumn = -1;

  /** The rows are not those of the range; the message is ours and holds nothing of them. */
  static final class Invalid extends Exception {
    private static final long serialVersionUID = 1L;

    Invalid(String why) {
      super(why, null, false, false);
    }
  }

  private PackageRows(byte[] text, CodeRange range, int rows) {
    this.text = text;
    this.range = range;
    this.starts = new int[rows];
    this.ends = new int[rows];
    this.urls = new long[rows];
    for (int i = 0; i < COLUMNS; i++) {
      indexes[i] = new IndexColumn(range, rows);
    }
  }

  /** Reads the buffer's bytes and keeps them. */
  static PackageRows of(ByteBuffer buffer, CodeRange range) throws Invalid {
    long expected = range.codeEnd() - range.codeStart() + 1;
    if (expected > buffer.remaining() / LEAST_ROW) {
      throw new Invalid("it is too short for its range");
    }
    byte[] text = buffer.array();
    int from = buffer.arrayOffset() + buffer.position();
    PackageRows rows = new PackageRows(text, range, (int) expected);
    rows.read(from, from + buffer.remaining());
    rows.requireDistinct();
    rows.order();
    return rows;
  }

  int size() {
    return count;
  }

  /** How long a row is, without its end of line. */
  int length(int row) {
    return ends[row] - starts[row];
  }

  /** Copies a row and tells where it ends. */
  int copy(int row, byte[] into, int at) {
    System.arraycopy(text, starts[row], into, at, length(row));
    return at + length(row);
  }

  private void read(int from, int to) throws Invalid {
    int at = from;
    while (at < to) {
      while (at < to && isBlank(text[at])) {
        at++;
      }
      if (at < to) {
        at = readRow(at, to);
      }
    }
    if (count != starts.length) {
      throw new Invalid("it has %d rows instead of %d".formatted(count, starts.length));
    }
  }

  /** Gives where the row ends. */
  private int readRow(int start, int to) throws Invalid {
    if (count == starts.length) {
      throw new Invalid("it has more than %d rows".formatted(starts.length));
    }
    int at = start;
    int end = start;
    int column = 0;
    int url = -1;
    while (at < to && !isLineEnd(text[at])) {
      int columnStart = at;
      while (at < to && text[at] > ' ' && text[at] < 0x7f) {
        at++;
      }
      end = at;
      if (end == columnStart || column == COLUMNS) {
        throw new Invalid("row %d is not four columns of printable text".formatted(count + 1));
      }
      if (isUrl(text, columnStart, end)) {
        url = url < 0 ? column : COLUMNS;
        urls[count] = hash(columnStart, end);
      }
      indexes[column].see(text, columnStart, end, count);
      column++;
      while (at < to && (text[at] == ' ' || text[at] == '\t')) {
        at++;
      }
    }
    if (column != COLUMNS || url < 0 || url == COLUMNS || (urlColumn >= 0 && url != urlColumn)) {
      throw new Invalid("row %d is not four columns with one address".formatted(count + 1));
    }
    urlColumn = url;
    starts[count] = start;
    ends[count] = end;
    count++;
    return at;
  }

  /** Whether a column is what gets printed. */
  static boolean isUrl(byte[] text, int start, int end) {
    return end - start > URL_PREFIX.length
        && text[start] == 'P'
        && Arrays.equals(text, start, start + URL_PREFIX.length, URL_PREFIX, 0, URL_PREFIX.length);
  }

  private static boolean isBlank(byte character) {
    return character == ' ' || character == '\t' || isLineEnd(character);
  }

  private static boolean isLineEnd(byte character) {
    return character == '\n' || character == '\r';
  }

  private long hash(int start, int end) {
    long hash = FNV_BASIS;
    for (int i = start; i < end; i++) {
      hash = (hash ^ text[i]) * FNV_PRIME;
    }
    return hash;
  }

  private void requireDistinct() throws Invalid {
    Arrays.sort(urls);
    for (int i = 1; i < urls.length; i++) {
      if (urls[i] == urls[i - 1]) {
        throw new Invalid("an address is in it twice");
      }
    }
  }

  private void order() throws Invalid {
    for (IndexColumn column : indexes) {
      if (column.counts()) {
        if (!column.isWhole()) {
          throw new Invalid(
              "its rows do not count from %d to %d".formatted(range.codeStart(), range.codeEnd()));
        }
        column.sort(starts, ends);
        return;
      }
    }
  }

  /** A column that may be the index. */
  private static final class IndexColumn {

    private final CodeRange range;
    private final int[] rows;
    private final BitSet seen = new BitSet();
    private int within;
    private boolean sorted = true;

    IndexColumn(CodeRange range, int expected) {
      this.range = range;
      this.rows = new int[expected];
    }

    void see(byte[] text, int start, int end, int row) {
      if (end - start > MOST_DIGITS || text[start] < '0' || text[start] > '9') {
        return;
      }
      long value = 0;
      for (int i = start; i < end; i++) {
        if (text[i] < '0' || text[i] > '9') {
          return;
        }
        value = value * 10 + text[i] - '0';
      }
      if (value >= range.codeStart() && value <= range.codeEnd()) {
        int offset = (int) (value - range.codeStart());
        within++;
        seen.set(offset);
        sorted &= offset == row;
        rows[offset] = row;
      }
    }

    /** Whether most rows have an index of the range here: then it is no coincidence. */
    boolean counts() {
      return within > rows.length / 2;
    }

    boolean isWhole() {
      return within == rows.length && seen.cardinality() == rows.length;
    }

    void sort(int[] starts, int[] ends) {
      if (sorted) {
        return;
      }
      int[] unsortedStarts = starts.clone();
      int[] unsortedEnds = ends.clone();
      for (int i = 0; i < rows.length; i++) {
        starts[i] = unsortedStarts[rows[i]];
        ends[i] = unsortedEnds[rows[i]];
      }
    }
  }
}
