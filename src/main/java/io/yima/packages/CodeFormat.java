package io.yima.packages;

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
    void write(ChunkRows row, RowBuffer out) {
      byte[] text = row.text();
      out.add(row.index());
      out.add(',');
      if (row.quotable()) {
        csv(text, row.urlStart(), row.urlEnd(), out);
        out.add(',');
        csv(text, row.start(), row.end(), out);
      } else {
        out.add(text, row.urlStart(), row.urlEnd());
        out.add(',');
        out.add(text, row.start(), row.end());
      }
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
    void write(ChunkRows row, RowBuffer out) {
      out.add(INDEX, 0, INDEX.length);
      out.add(row.index());
      out.add(URL, 0, URL.length);
      json(row.text(), row.urlStart(), row.urlEnd(), out);
      out.add(ROW, 0, ROW.length);
      json(row.text(), row.start(), row.end(), out);
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

  /** Adds the row at which the rows stand. */
  abstract void write(ChunkRows row, RowBuffer out);

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
