package io.yima.sandbox;

/** A control request that cannot be done; its message is the answer. */
final class BadControl extends RuntimeException {

  private final int status;

  BadControl(String message) {
    this(400, message);
  }

  BadControl(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }
}
