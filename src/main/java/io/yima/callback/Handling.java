package io.yima.callback;

import io.yima.work.LastError;

/** What handling a push came to. */
sealed interface Handling {

  /** Over; the outcome is a stable word. */
  record Done(String outcome) implements Handling {}

  /** Again later. */
  record Postponed(LastError error) implements Handling {}
}
