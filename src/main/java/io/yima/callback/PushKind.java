package io.yima.callback;

import java.util.Set;

/** Kinds of pushes that are acted on; WeChat's InfoType, or ours where it has none. */
final class PushKind {

  static final String TICKET = "component_verify_ticket";
  static final String AUTHORIZED = "authorized";
  static final String UPDATED = "updateauthorized";
  static final String WITHDRAWN = "unauthorized";

  /** A message to a merchant's account; it has no InfoType. */
  static final String MESSAGE = "message";

  /** A question of the release check that is answered by a call. */
  static final String PROBE = "release_check";

  /** It came from WeChat, but is no XML that we can read. */
  static final String UNREADABLE = "unreadable";

  private static final Set<String> ACTED_ON = Set.of(TICKET, AUTHORIZED, UPDATED, WITHDRAWN);
  private static final int MAX_LENGTH = 100;

  private PushKind() {}

  static boolean isActedOn(String kind) {
    return ACTED_ON.contains(kind);
  }

  /** What is kept of an InfoType, which may be any text: fit for a column and for a log line. */
  static String of(String infoType) {
    int length = Math.min(MAX_LENGTH, infoType.codePointCount(0, infoType.length()));
    return infoType
        .substring(0, infoType.offsetByCodePoints(0, length))
        .replaceAll("\\p{Cntrl}", " ");
  }
}
