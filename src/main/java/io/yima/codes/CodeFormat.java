package io.yima.codes;

import java.nio.charset.StandardCharsets;

/** In what form codes are handed out: index, printed address, and WeChat's row as it is. */
enum CodeFormat {
  /** RFC 4180, with a line of names first. */
  CSV("text/csv") {
    @Override
    byte[] head() {
      return bytes("code_index,code_url,row\r\n");
    }

    @Override
    void write(long index, byte[] text, int start, int end, RowBuffer out) {
      out.add(index);
      out.add(',');
      int url = urlStart(text, start, end);
      csv(text, url, urlEnd(text, url, end), out);
      out.add(',');
      csv(text, start, end, out);
      out.add('\r');
      out.add('\n');
    }
  },

  /** One JSON object a line. */
  NDJSON("application/x-ndjson") {
    @Override
    byte[] head() {
      return new byte[0];
    }

    @Override
    void write(long index, byte[] text, int start, int end, RowBuffer out) {
      out.add(INDEX, 0, INDEX.length);
      out.add(index);
      out.add(URL, 0, URL.length);
      int url = urlStart(text, start, end);
      json(text, url, urlEnd(text, url, end), out);
      out.add(ROW, 0, ROW.length);
      json(text, start, end, out);
      out.add('"');
      out.add('}');
      out.add('\n');
    }
  };

  private static final byte[] INDEX = bytes("{\"code_index\":");
  private static final byte[] URL = bytes(",\"code_url\":\"");
  private static final byte[] ROW = bytes("\",\"row\":\"");

  private final String mediaType;

  CodeFormat(String mediaType) {
    this.mediaType = mediaType;
  }

  String mediaType() {
    return mediaType;
  }

  /** What comes before the first row. */
  abstract byte[] head();

  /** Adds a row. */
  abstract void write(long index, byte[] text, int start, int end, RowBuffer out);

  /** The printed address in a row that was checked when it was stored. */
  static String url(byte[] row) {
    int start = urlStart(row, 0, row.length);
    return new String(
        row, start, urlEnd(row, start, row.length) - start, StandardCharsets.US_ASCII);
  }

  private static int urlStart(byte[] text, int start, int end) {
    int at = start;
    while (at < end) {
      int columnEnd = urlEnd(text, at, end);
      if (PackageRows.isUrl(text, at, columnEnd)) {
        return at;
      }
      at = columnEnd;
      while (at < end && text[at] <= ' ') {
        at++;
      }
    }
    throw new IllegalStateException("a stored row has no address");
  }

  private static int urlEnd(byte[] text, int start, int end) {
    int at = start;
    while (at < end && text[at] > ' ') {
      at++;
    }
    return at;
  }

  private static void csv(byte[] text, int start, int end, RowBuffer out) {
    boolean quoted = false;
    for (int i = start; i < end && !quoted; i++) {
      quoted = text[i] == ',' || text[i] == '"';
    }
    if (!quoted) {
      out.add(text, start, end);
      return;
    }
    out.add('"');
    for (int i = start; i < end; i++) {
      if (text[i] == '"') {
        out.add('"');
      }
      out.add((char) text[i]);
    }
    out.add('"');
  }

  /** Rows are printable ASCII, divided by blanks and tabs. */
  private static void json(byte[] text, int start, int end, RowBuffer out) {
    int from = start;
    for (int i = start; i < end; i++) {
      if (text[i] == '"' || text[i] == '\\' || text[i] == '\t') {
        out.add(text, from, i);
        out.add('\\');
        out.add(text[i] == '\t' ? 't' : (char) text[i]);
        from = i + 1;
      }
    }
    out.add(text, from, end);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
