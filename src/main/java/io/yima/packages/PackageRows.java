package io.yima.packages;

import io.yima.wechat.ApplicationStatus.CodeRange;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The rows of a package, in order of index, checked against the range they are said to be of.
 * Nobody documents what the columns are [M3], so that only this is believed: four of them, divided
 * by blanks or tabs, one of which is the printed address. A column that counts the range through is
 * the index; without one the order of the rows is.
 */
final class PackageRows {

  private static final int COLUMNS = 4;
  private static final int LEAST_ROW = TextScan.ADDRESS_PREFIX.length() + 2 * (COLUMNS - 1);
  private static final int MOST_DIGITS = 10;

  private final byte[] text;
  private final int to;
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

  private PackageRows(byte[] text, int to, CodeRange range, int rows) {
    this.text = text;
    this.to = to;
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
    PackageRows rows = new PackageRows(text, from + buffer.remaining(), range, (int) expected);
    rows.read(from);
    rows.requireDistinct();
    rows.order();
    return rows;
  }

  int size() {
    return count;
  }

  /** Some of the rows as they are, each ended by a line feed; the last is not among them. */
  byte[] text(int first, int last) {
    int length = 0;
    boolean standSo = true;
    for (int row = first; row < last; row++) {
      standSo &= starts[row] == starts[first] + length && isFollowedByLineFeed(row);
      length += ends[row] - starts[row] + 1;
    }
    byte[] rows = new byte[length];
    if (standSo) {
      System.arraycopy(text, starts[first], rows, 0, length);
      return rows;
    }
    int at = 0;
    for (int row = first; row < last; row++) {
      int rowLength = ends[row] - starts[row];
      System.arraycopy(text, starts[row], rows, at, rowLength);
      at += rowLength;
      rows[at++] = '\n';
    }
    return rows;
  }

  private boolean isFollowedByLineFeed(int row) {
    return ends[row] < to && text[ends[row]] == '\n';
  }

  private void read(int from) throws Invalid {
    int at = from;
    while (at < to) {
      while (at < to && isBlank(text[at])) {
        at++;
      }
      if (at < to) {
        at = readRow(at);
      }
    }
    if (count != starts.length) {
      throw new Invalid("it has %d rows instead of %d".formatted(count, starts.length));
    }
  }

  /** Gives where the row ends. */
  private int readRow(int start) throws Invalid {
    if (count == starts.length) {
      throw new Invalid("it has more than %d rows".formatted(starts.length));
    }
    int at = start;
    int end = start;
    int column = 0;
    int url = -1;
    while (at < to && !isLineEnd(text[at])) {
      int columnStart = at;
      at = TextScan.columnEnd(text, at, to);
      end = at;
      if (end == columnStart || column == COLUMNS) {
        throw new Invalid("row %d is not four columns of printable text".formatted(count + 1));
      }
      if (TextScan.isAddress(text, columnStart, end)) {
        url = url < 0 ? column : COLUMNS;
        urls[count] = TextScan.hash(text, columnStart, end);
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

  private static boolean isBlank(byte character) {
    return character == ' ' || character == '\t' || isLineEnd(character);
  }

  private static boolean isLineEnd(byte character) {
    return character == '\n' || character == '\r';
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
    private final int expected;

    /** By index, the row's number from one on; nothing before there is an index. */
    private int[] rows = {};

    private int within;
    private int distinct;
    private boolean sorted = true;

    IndexColumn(CodeRange range, int expected) {
      this.range = range;
      this.expected = expected;
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
        put((int) (value - range.codeStart()), row);
      }
    }

    private void put(int offset, int row) {
      if (rows.length == 0) {
        rows = new int[expected];
      }
      within++;
      distinct += rows[offset] == 0 ? 1 : 0;
      sorted &= offset == row;
      rows[offset] = row + 1;
    }

    /** Whether most rows have an index of the range here: then it is no coincidence. */
    boolean counts() {
      return within > expected / 2;
    }

    boolean isWhole() {
      return within == expected && distinct == expected;
    }

    void sort(int[] starts, int[] ends) {
      if (sorted) {
        return;
      }
      int[] unsortedStarts = starts.clone();
      int[] unsortedEnds = ends.clone();
      for (int i = 0; i < rows.length; i++) {
        starts[i] = unsortedStarts[rows[i] - 1];
        ends[i] = unsortedEnds[rows[i] - 1];
      }
    }
  }
}
