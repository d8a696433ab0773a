package io.yima.packages;

import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Bytes on their way out, of one chunk; grows as needed, and is used again for the next. */
final class RowBuffer {

  private static final int MOST_DIGITS = 19;

  private static final byte[] TENS = new byte[100];
  private static final byte[] ONES = new byte[100];

  static {
    for (int pair = 0; pair < 100; pair++) {
      TENS[pair] = (byte) ('0' + pair / 10);
      ONES[pair] = (byte) ('0' + pair % 10);
    }
  }

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
    int end = length + digits(number);
    long rest = number;
    for (int at = end; at > length; rest /= 100) {
      // Two at a time: a division takes longer than all else here.
      int pair = (int) (rest % 100);
      bytes[--at] = ONES[pair];
      if (at > length) {
        bytes[--at] = TENS[pair];
      }
    }
    length = end;
  }

  private static int digits(long number) {
    int digits = 1;
    for (long bound = 10; digits < MOST_DIGITS && number >= bound; bound *= 10) {
      digits++;
    }
    return digits;
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
