package io.yima.sandbox;

import java.time.Instant;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The plaintext of pushed events, spelt as WeChat spells them. */
final class EventXml {

  private EventXml() {}

  static String ticket(String component, String ticket, Instant now) {
    return xml(component, "component_verify_ticket", now, cdata("ComponentVerifyTicket", ticket));
  }

  /** The same fields for a first grant and for a changed one. */
  static String authorized(
      String component,
      String infoType,
      String authorizer,
      String code,
      Instant expiresAt,
      String preAuthCode,
      Instant now) {
    return xml(
        component,
        infoType,
        now,
        cdata("AuthorizerAppid", authorizer)
            + cdata("AuthorizationCode", code)
            + "<AuthorizationCodeExpiredTime>"
            + expiresAt.getEpochSecond()
            + "</AuthorizationCodeExpiredTime>\n"
            + cdata("PreAuthCode", preAuthCode));
  }

  static String unauthorized(String component, String authorizer, Instant now) {
    return xml(component, "unauthorized", now, cdata("AuthorizerAppid", authorizer));
  }

  /** A message or an event of a follower to an account. */
  static String message(
      String account, String openid, Instant now, String type, String field, String value) {
    return "<xml>\n"
        + cdata("ToUserName", account)
        + cdata("FromUserName", openid)
        + "<CreateTime>"
        + now.getEpochSecond()
        + "</CreateTime>\n"
        + cdata("MsgType", type)
        + cdata(field, value)
        + "</xml>";
  }

  /** A field of a flat XML, with or without CDATA; empty when it is not there. */
  static String field(String xml, String element) {
    Matcher field =
        Pattern.compile(
                "<%s>(?:<!\\[CDATA\\[)?(.*?)(?:]]>)?</%s>".formatted(element, element),
                Pattern.DOTALL)
            .matcher(xml);
    return field.find() ? field.group(1) : "";
  }

  private static String xml(String component, String infoType, Instant now, String fields) {
    return "<xml>\n"
        + cdata("AppId", component)
        + "<CreateTime>"
        + now.getEpochSecond()
        + "</CreateTime>\n"
        + cdata("InfoType", infoType)
        + fields
        + "</xml>";
  }

  private static String cdata(String element, String value) {
    return "<" + element + "><![CDATA[" + value + "]]></" + element + ">\n";
  }
}
