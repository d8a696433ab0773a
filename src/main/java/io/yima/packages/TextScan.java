package io.yima.packages;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Looks through text eight characters at a time, as one number: a package has millions. The first
 * character is the lowest byte, and of the bytes that a subtraction or an addition below marks, the
 * lowest is always a true one: what carries over goes upwards.
 */
final class TextScan {

  /** What a printed address begins with [F-4COL]. */
  static final String ADDRESS_PREFIX = "P.URL.CN/";

  private static final VarHandle EIGHT =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
  private static final long EACH = 0x0101010101010101L;
  private static final long HIGH = 0x8080808080808080L;
  private static final long LINE_FEEDS = EACH * '\n';
  private static final long BLANK_OR_LESS = EACH * (' ' + 1);
  private static final long ADDRESS_EIGHT =
      (long) EIGHT.get(ADDRESS_PREFIX.getBytes(StandardCharsets.US_ASCII), 0);
  private static final long HASH_FACTOR = 0x9e3779b97f4a7c15L;

  private TextScan() {}

  /** Where the first character stands that is no printable ASCII, or a blank; or the end. */
  static int columnEnd(byte[] text, int from, int to) {
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      long eight = (long) EIGHT.get(text, at);
      long blank = (eight - BLANK_OR_LESS) & ~eight;
      long deleteOrMore = (eight + EACH) | eight;
      long found = (blank | deleteOrMore) & HIGH;
      if (found != 0) {
        return at + place(found);
      }
    }
    while (at < to && text[at] > ' ' && text[at] < 0x7f) {
      at++;
    }
    return at;
  }

  /** Where the first line feed stands, or the end. */
  static int lineEnd(byte[] text, int from, int to) {
    int at = from;
    for (; at <= to - Long.BYTES; at += Long.BYTES) {
      long zeroed = (long) EIGHT.get(text, at) ^ LINE_FEEDS;
      long found = (zeroed - EACH) & ~zeroed & HIGH;
      if (found != 0) {
        return at + place(found);
      }
    }
    while (at < to && text[at] != '\n') {
      at++;
    }
    return at;
  }

  /** Whether a column is what gets printed. */
  static boolean isAddress(byte[] text, int from, int to) {
    return to - from > ADDRESS_PREFIX.length()
        && (long) EIGHT.get(text, from) == ADDRESS_EIGHT
        && text[from + Long.BYTES] == '/';
  }

  /**
   * A number that differs for texts that differ, but by a chance of one in 2^64. For eight
   * characters or more.
   */
  static long hash(byte[] text, int from, int to) {
    int length = to - from;
    int last = to - Long.BYTES;
    long hash = length;
    for (int at = from; at < last; at += Long.BYTES) {
      hash = mixed(hash ^ (long) EIGHT.get(text, at));
    }
    return mixed(hash ^ (long) EIGHT.get(text, last));
  }

  /** Both halves of the product: each bit of the number moves bits everywhere. */
  private static long mixed(long hash) {
    return Math.unsignedMultiplyHigh(hash, HASH_FACTOR) ^ (hash * HASH_FACTOR);
  }

  private static int place(long found) {
    return Long.numberOfTrailingZeros(found) / Byte.SIZE;
  }
}
