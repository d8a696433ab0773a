package io.yima.wechat;

import io.yima.secrets.Secret;
import jakarta.enterprise.context.ApplicationScoped;
import org.jspecify.annotations.Nullable;

/** Addresses of WeChat's authorization page [AUTHDESC]. */
@ApplicationScoped
public class AuthorizationPage {

  AuthorizationPage(WeChatConfig config) {}

  /** For a desktop browser: shows a QR code to scan. */
  public String pcUrl(
      String componentAppid,
      Secret preAuthCode,
      String redirectUri,
      int authType,
      @Nullable String bizAppid) {
    return Unwritten.here();
  }

  /** For the browser inside WeChat. */
  public String mobileUrl(
      String componentAppid,
      Secret preAuthCode,
      String redirectUri,
      int authType,
      @Nullable String bizAppid) {
    return Unwritten.here();
  }
}
