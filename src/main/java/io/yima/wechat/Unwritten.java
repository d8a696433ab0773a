package io.yima.wechat;

/** Gone with the next commits. */
final class Unwritten {
  private Unwritten() {}

  @SuppressWarnings("TypeParameterUnusedInFormals")
  static <T> T here() {
    String what = "not written yet";
    throw new UnsupportedOperationException(what);
  }
}
