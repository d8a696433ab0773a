package io.yima.codes;

/** What an order came to, when it came to a row of the ledger. */
sealed interface OrderAnswer {

  CodeApplication application();

  /** WeChat confirmed it just now. */
  record Submitted(CodeApplication application) implements OrderAnswer {}

  /** It is stored and will be sent until WeChat answers. */
  record Pending(CodeApplication application) implements OrderAnswer {}

  /** The same order had been confirmed before. */
  record Existing(CodeApplication application) implements OrderAnswer {}
}
