package io.yima.sandbox;

/** WeChat's no: an error number and a text. */
final class Refusal extends RuntimeException {

  private final int errcode;
  private final String errmsg;

  Refusal(int errcode, String errmsg) {
    // Thrown in ordinary course, and often: a stack trace would only cost.
    super(errcode + " " + errmsg, null, false, false);
    this.errcode = errcode;
    this.errmsg = errmsg;
  }

  int errcode() {
    return errcode;
  }

  String errmsg() {
    return errmsg;
  }
}
