package io.yima.callback;

import io.yima.wechat.PushedXml;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A question that one of WeChat's probe accounts asks before a platform may be published (全网发布检测)
 * [RELEASE]: the page "releases_instructions" under the platform's operation manual. It names the
 * accounts and the answers; the event's is of an older generation of the page.
 *
 * @param account the account's own name, as replies name it
 * @param openid who wrote to it
 * @param content what has to be replied, or the code of an API probe
 */
record Probe(Kind kind, String account, String openid, String content) {

  /** What is asked for. */
  enum Kind {
    /** A reply to a text, within the answer. */
    TEXT,
    /** A reply to an event, within the answer. */
    EVENT,
    /** An empty answer, then a customer-service message by the token that a code is good for. */
    API
  }

  /** Five accounts and five mini programs. */
  private static final Set<String> ACCOUNTS =
      Set.of(
          "wx570bc396a51b8ff8",
          "wx9252c5e0bb1836fc",
          "wx8e1097c5bc82cde9",
          "wx14550af28c71a144",
          "wxa35b9c23cfe664eb",
          "wxd101a85aa106f53e",
          "wxc39235c15087f6f3",
          "wx7720d01d4b2a4500",
          "wx05d483572dcd5d8b",
          "wx5910277cae6fd970");

  private static final String TEXT = "TESTCOMPONENT_MSG_TYPE_TEXT";
  private static final String CODE = "QUERY_AUTH_CODE:";

  /** The probe in a message to this account; empty for any other message or account. */
  static Optional<Probe> of(@Nullable String appid, String xml) {
    return appid == null || !ACCOUNTS.contains(appid)
        ? Optional.empty()
        : PushedXml.parse(xml).flatMap(Probe::read);
  }

  private static Optional<Probe> read(PushedXml message) {
    String account = message.field("ToUserName");
    String openid = message.field("FromUserName");
    String type = message.field("MsgType");
    String event = message.field("Event");
    String text = message.field("Content");
    if (account == null || openid == null || type == null) {
      return Optional.empty();
    }
    if (type.equals("event") && event != null) {
      return Optional.of(new Probe(Kind.EVENT, account, openid, event + "from_callback"));
    }
    if (!type.equals("text") || text == null) {
      return Optional.empty();
    }
    if (text.equals(TEXT)) {
      return Optional.of(new Probe(Kind.TEXT, account, openid, TEXT + "_callback"));
    }
    String code = text.startsWith(CODE) ? text.substring(CODE.length()).strip() : "";
    return code.isEmpty()
        ? Optional.empty()
        : Optional.of(new Probe(Kind.API, account, openid, code));
  }

  /** Without the content, which may be a code. */
  @Override
  public String toString() {
    return "Probe[" + kind + "]";
  }
}
