package io.yima.bench;

/** Merchants are numbered, and their appid is the number, so that the stub can tell them apart. */
final class Appids {

  /** The appid of every merchant has this length. */
  static final int LENGTH = 18;

  private static final int PREFIX = 2;

  private Appids() {}

  static String of(int merchant) {
    return "wx%016x".formatted(merchant);
  }

  /** The number in an appid that {@link #of} made. */
  static int number(String text, int from) {
    return Integer.parseUnsignedInt(text, from + PREFIX, from + LENGTH, 16);
  }
}
