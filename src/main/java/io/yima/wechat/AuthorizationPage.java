package io.yima.wechat;

import io.yima.secrets.Secret;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Addresses of WeChat's authorization page, or of the sandbox's [AUTHDESC]. */
@ApplicationScoped
public class AuthorizationPage {

  private final String pc;
  private final String mobile;

  AuthorizationPage(WeChatConfig config) {
    this.pc =
        config
            .authorizePcUrl()
            .or(() -> sandbox(config, "/cgi-bin/componentloginpage"))
            .orElse("https://mp.weixin.qq.com/cgi-bin/componentloginpage");
    this.mobile =
        config
            .authorizeMobileUrl()
            .or(() -> sandbox(config, "/wxaopen/safe/bindcomponent"))
            .orElse("https://open.weixin.qq.com/wxaopen/safe/bindcomponent");
  }

  /** For a desktop browser: shows a QR code to scan. */
  public String pcUrl(
      String componentAppid,
      Secret preAuthCode,
      String redirectUri,
      int authType,
      @Nullable String bizAppid) {
    return pc
        + (pc.contains("?") ? "&" : "?")
        + query(parameters(componentAppid, preAuthCode, redirectUri, authType, bizAppid));
  }

  /** For the browser inside WeChat. */
  public String mobileUrl(
      String componentAppid,
      Secret preAuthCode,
      String redirectUri,
      int authType,
      @Nullable String bizAppid) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("action", "bindcomponent");
    parameters.put("no_scan", "1");
    parameters.putAll(parameters(componentAppid, preAuthCode, redirectUri, authType, bizAppid));
    return mobile + (mobile.contains("?") ? "&" : "?") + query(parameters) + "#wechat_redirect";
  }

  private static Map<String, String> parameters(
      String componentAppid,
      Secret preAuthCode,
      String redirectUri,
      int authType,
      @Nullable String bizAppid) {
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("component_appid", componentAppid);
    parameters.put("pre_auth_code", preAuthCode.reveal());
    parameters.put("redirect_uri", redirectUri);
    parameters.put("auth_type", Integer.toString(authType));
    if (bizAppid != null) {
      parameters.put("biz_appid", bizAppid);
    }
    return parameters;
  }

  private static String query(Map<String, String> parameters) {
    return parameters.entrySet().stream()
        .map(entry -> entry.getKey() + "=" + encoded(entry.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encoded(String value) {
    return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
  }

  private static Optional<String> sandbox(WeChatConfig config, String path) {
    URI base = config.baseUrl();
    return WeChatSettings.isLoopback(base)
        ? Optional.of(base.toString().replaceAll("/+$", "") + path)
        : Optional.empty();
  }
}
