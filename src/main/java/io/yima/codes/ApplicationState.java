package io.yima.codes;

/** Where a code application stands in the ledger. */
public enum ApplicationState {
  /** Stored; WeChat has not confirmed it yet. */
  SUBMITTING,
  /** WeChat gave it a number and is making the codes. */
  SUBMITTED,
  /** The codes are ready. */
  FINISHED,
  /** WeChat refused the request itself; ordering the same id again reopens it. */
  REJECTED,
  /** Taken back while nothing had been sent; ordering the same id again reopens it. */
  WITHDRAWN;

  boolean confirmed() {
    return this == SUBMITTED || this == FINISHED;
  }

  /** Whether WeChat is still to be turned to about it. */
  public boolean unfinished() {
    return this == SUBMITTING || this == SUBMITTED;
  }

  boolean reopenable() {
    return this == REJECTED || this == WITHDRAWN;
  }
}
