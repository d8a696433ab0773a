package io.yima.callback;

/** Kinds of pushes that are acted on; WeChat's InfoType, or ours where it has none. */
final class PushKind {

  static final String TICKET = "component_verify_ticket";
  static final String AUTHORIZED = "authorized";
  static final String UPDATED = "updateauthorized";
  static final String WITHDRAWN = "unauthorized";

  /** A message to a merchant's account; it has no InfoType. */
  static final String MESSAGE = "message";

  /** It came from WeChat, but is no XML that we can read. */
  static final String UNREADABLE = "unreadable";

  private static final int MAX_LENGTH = 100;

  private PushKind() {}

  /** What is kept of an InfoType, which may be any text. */
  static String of(String infoType) {
    return infoType.substring(0, Math.min(MAX_LENGTH, infoType.length()));
  }
}
