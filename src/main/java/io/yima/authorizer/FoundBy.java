package io.yima.authorizer;

import java.util.Locale;

/** On what occasion WeChat was asked about a merchant; a word of the history. */
enum FoundBy {
  /** Just after it authorized: whatever is new then is no drift. */
  AUTHORIZATION,
  RECONCILIATION,
  /** Somebody asked whether the merchant is ready. */
  READINESS;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
