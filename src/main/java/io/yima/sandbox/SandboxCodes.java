package io.yima.sandbox;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The codes of the pretend WeChat. None is stored: each form of a code is computed from its place,
 * and the place from each form, so that a package, a look-up and a scan agree over a restart.
 */
final class SandboxCodes {

  /** What begins each code's address; it has no scheme, and is printed as it is. */
  static final String URL_PREFIX = "P.URL.CN/";

  private static final int CODE_LENGTH = 9;
  private static final int TAG_LENGTH = 10;
  private static final int URL_LENGTH = URL_PREFIX.length() + TAG_LENGTH + CODE_LENGTH;
  private static final int BITS = 48;

  /** Twenty million codes have 25 bits of index; the rest counts applications. */
  private static final int INDEX_BITS = 25;

  private static final long INDEX_MASK = (1L << INDEX_BITS) - 1;
  private static final long MASK = (1L << BITS) - 1;

  /** Of the QR alphanumeric set; 41 to the 9th is more than 48 bits hold. */
  private static final byte[] ALPHABET =
      "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ$*+-.".getBytes(StandardCharsets.US_ASCII);

  private static final Scramble CODE = Scramble.by(0x9E37_79B9_7F4BL);
  private static final Scramble ADDRESS = Scramble.by(0xC2B2_AE3D_27D5L);
  private static final Scramble TAG = Scramble.by(0x1656_67B1_9E37L);
  private static final Scramble DRAWING = Scramble.by(0x27D4_EB2F_1655L);

  private SandboxCodes() {}

  /** Which code it is: the application, and the index in it. */
  record Place(long applicationId, long codeIndex) {

    private long number() {
      long ordinal = applicationId - World.FIRST_APPLICATION_ID;
      return (ordinal << INDEX_BITS | codeIndex) & MASK;
    }

    private static Place of(long number) {
      return new Place((number >>> INDEX_BITS) + World.FIRST_APPLICATION_ID, number & INDEX_MASK);
    }
  }

  /** The raw code: nine characters. */
  static String code(Place place) {
    byte[] text = new byte[CODE_LENGTH];
    digits(CODE.mix(place.number()), text, 0, CODE_LENGTH);
    return new String(text, StandardCharsets.US_ASCII);
  }

  /** What is printed as a QR code: 28 characters. */
  static String url(Place place) {
    byte[] text = new byte[URL_LENGTH];
    writeUrl(place.number(), text, 0);
    return new String(text, StandardCharsets.US_ASCII);
  }

  /** Whose code it is, or null when no code looks so; the application need not exist. */
  static @Nullable Place ofCode(String code) {
    if (code.length() != CODE_LENGTH) {
      return null;
    }
    long mixed = number(code);
    return mixed < 0 ? null : Place.of(CODE.unmix(mixed));
  }

  /** Whose address it is, or null when no code's is; the application need not exist. */
  static @Nullable Place ofUrl(String url) {
    if (url.length() != URL_LENGTH) {
      return null;
    }
    long mixed = number(url.substring(URL_LENGTH - CODE_LENGTH));
    if (mixed < 0) {
      return null;
    }
    Place place = Place.of(ADDRESS.unmix(mixed));
    return url(place).equals(url) ? place : null;
  }

  /**
   * One line of a package: index, raw code, the bits of the drawn form and the address, divided by
   * tabs.
   *
   * @return where the next line begins
   */
  static int writeRow(Place place, byte[] into, int at) {
    long number = place.number();
    int next = writeIndex(place.codeIndex(), into, at);
    into[next++] = '\t';
    digits(CODE.mix(number), into, next, CODE_LENGTH);
    next += CODE_LENGTH;
    into[next++] = '\t';
    long drawing = DRAWING.mix(number);
    for (int bit = BITS - 1; bit >= 0; bit--) {
      into[next++] = (byte) ('0' + (drawing >>> bit & 1));
    }
    into[next++] = '\t';
    writeUrl(number, into, next);
    next += URL_LENGTH;
    into[next++] = '\n';
    return next;
  }

  /** The most bytes that a line takes. */
  static int longestRow() {
    return 8 + CODE_LENGTH + BITS + URL_LENGTH + 4;
  }

  private static int writeIndex(long index, byte[] into, int at) {
    byte[] text = Long.toString(index).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(text, 0, into, at, text.length);
    return at + text.length;
  }

  private static void writeUrl(long number, byte[] into, int at) {
    for (int i = 0; i < URL_PREFIX.length(); i++) {
      into[at + i] = (byte) URL_PREFIX.charAt(i);
    }
    int tag = at + URL_PREFIX.length();
    digits(TAG.mix(number), into, tag, TAG_LENGTH);
    digits(ADDRESS.mix(number), into, tag + TAG_LENGTH, CODE_LENGTH);
  }

  private static void digits(long number, byte[] into, int at, int length) {
    long rest = number;
    for (int i = at + length - 1; i >= at; i--) {
      into[i] = ALPHABET[(int) (rest % ALPHABET.length)];
      rest /= ALPHABET.length;
    }
  }

  /** The number that nine characters write, or -1. */
  private static long number(String text) {
    long number = 0;
    for (int i = 0; i < text.length(); i++) {
      int digit = digit(text.charAt(i));
      if (digit < 0) {
        return -1;
      }
      number = number * ALPHABET.length + digit;
    }
    return number > MASK ? -1 : number;
  }

  private static int digit(char c) {
    for (int i = 0; i < ALPHABET.length; i++) {
      if (ALPHABET[i] == c) {
        return i;
      }
    }
    return -1;
  }

  /**
   * A mixing of 48 bits that can be undone, so that neighbours do not look alike.
   *
   * @param factor odd
   * @param inverse the factor's, modulo a power of two
   */
  private record Scramble(long factor, long inverse) {

    static Scramble by(long factor) {
      long inverse = factor;
      // Newton's step doubles the bits that are right; an odd number begins with three.
      for (int right = 3; right < BITS; right *= 2) {
        inverse *= 2 - factor * inverse;
      }
      return new Scramble(factor, inverse);
    }

    long mix(long number) {
      return fold(fold(number * factor & MASK) * factor & MASK);
    }

    long unmix(long mixed) {
      return fold(fold(mixed) * inverse & MASK) * inverse & MASK;
    }

    /** Its own inverse, as the shift is half of the width. */
    private static long fold(long number) {
      return number ^ (number >>> (BITS / 2));
    }
  }
}
