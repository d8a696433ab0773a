package io.yima.sandbox;

import java.time.Instant;

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
