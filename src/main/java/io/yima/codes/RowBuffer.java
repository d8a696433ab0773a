package io.yima.codes;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Bytes on their way out, of one chunk; grows as needed, and is used again for the next. */
final class RowBuffer {

  private static final int MOST_DIGITS = 19;

  private byte[] bytes = new byte[512 << 10];
  private int length;

  void clear() {
    length = 0;
  }

  void add(char character) {
    reserve(1);
    bytes[length++] = (byte) character;
  }

  void add(byte[] text, int start, int end) {
    reserve(end - start);
    System.arraycopy(text, start, bytes, length, end - start);
    length += end - start;
  }

  /** In decimal digits; must not be negative. */
  void add(long number) {
    reserve(MOST_DIGITS);
    int digits = 1;
    for (long rest = number; rest >= 10; rest /= 10) {
      digits++;
    }
    long rest = number;
    for (int at = length + digits - 1; at >= length; at--) {
      bytes[at] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
  }

  void writeTo(OutputStream out) throws IOException {
    out.write(bytes, 0, length);
  }

  private void reserve(int more) {
    if (bytes.length - length < more) {
      bytes = Arrays.copyOf(bytes, Math.max(length + more, bytes.length * 2));
    }
  }
}
