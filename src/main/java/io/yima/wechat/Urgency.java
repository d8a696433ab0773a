package io.yima.wechat;

/**
 * How urgent a call is among those that wait to be made, the most urgent first. Whoever starts a
 * piece of work says it with the deadline, so that no call goes without.
 */
public enum Urgency {
  /** Somebody waits for the answer: a request, a browser, or all of a provider's merchants. */
  INTERACTIVE,
  /** Something does not work until this is done: a token has expired, a push waits. */
  EXPIRED,
  /** A token is refreshed ahead of time. */
  AHEAD,
  /** What may come a little later: how applications are, what WeChat's lists say. */
  SYNC;

  /** Whether it goes on behind everybody's back. */
  boolean background() {
    return this != INTERACTIVE;
  }

  /** Whichever of the two is more urgent. */
  public Urgency orMore(Urgency other) {
    return compareTo(other) <= 0 ? this : other;
  }
}
