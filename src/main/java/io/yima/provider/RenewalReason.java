package io.yima.provider;

import java.util.Locale;

/** Why a component token was fetched; a label of a metric. */
enum RenewalReason {
  /** A call found none that was valid. */
  NEEDED,
  /** Ahead of time, in the background. */
  DUE,
  /** WeChat refused the one that was stored. */
  REJECTED;

  String label() {
    return name().toLowerCase(Locale.ROOT);
  }
}
