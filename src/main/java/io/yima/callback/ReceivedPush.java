package io.yima.callback;

import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.PushedXml;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A push that is certainly WeChat's, as it is stored.
 *
 * @param platform whom it says it is for; absent where it does not say so, or is not acted on
 * @param appid the merchant that it is about
 * @param createTime WeChat's, in seconds; absent when it is none
 * @param xml the whole decrypted text; a secret, because tickets and codes are in it
 * @param authorizationCode that is in it
 */
record ReceivedPush(
    String kind,
    @Nullable String platform,
    @Nullable String appid,
    @Nullable Long createTime,
    Secret xml,
    @Nullable Secret authorizationCode) {

  static ReceivedPush of(String xml, @Nullable String pathAppid) {
    Optional<PushedXml> parsed = PushedXml.parse(xml);
    Secret body = Secret.of(xml.isEmpty() ? " " : xml);
    if (parsed.isEmpty()) {
      return new ReceivedPush(PushKind.UNREADABLE, null, pathAppid, null, body, null);
    }
    PushedXml push = parsed.get();
    Long createTime = number(push.field("CreateTime"));
    if (pathAppid != null) {
      // No fingerprint of a probe's code: the authorization event that brings it has that one.
      boolean call = Probe.of(pathAppid, xml).filter(p -> p.kind() == Probe.Kind.API).isPresent();
      String kind = call ? PushKind.PROBE : PushKind.MESSAGE;
      return new ReceivedPush(kind, null, pathAppid, createTime, body, null);
    }
    String infoType = push.field("InfoType");
    String kind = infoType == null ? PushKind.UNREADABLE : PushKind.of(infoType);
    return new ReceivedPush(
        kind,
        PushKind.isActedOn(kind) ? push.field("AppId") : null,
        appid(push.field("AuthorizerAppid")),
        createTime,
        body,
        Secret.ofNullable(push.field("AuthorizationCode")));
  }

  /** Whether it may be meant for this platform: an event that names another one is not. */
  boolean isFor(String componentAppid) {
    return platform == null || platform.equals(componentAppid);
  }

  private static @Nullable String appid(@Nullable String text) {
    return text != null && AuthorizerId.isAppid(text) ? text : null;
  }

  private static @Nullable Long number(@Nullable String text) {
    try {
      return text == null ? null : Long.valueOf(text);
    } catch (NumberFormatException e) {
      return null;
    }
  }
}
