package io.yima.wechat;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;

/** The rules that settings keep, told in the spelling of environment variables. */
final class WeChatSettings {

  private WeChatSettings() {}

  /** Throws {@link IllegalStateException} that names the setting and what to do. */
  static void check(WeChatConfig config) {
    URI base = config.baseUrl();
    String scheme = base.getScheme() == null ? "" : base.getScheme().toLowerCase(Locale.ROOT);
    if (base.getHost() == null || !Set.of("http", "https").contains(scheme)) {
      refuse("YIMA_WECHAT_BASE_URL must be an address such as https://api.weixin.qq.com");
    }
    if (base.getRawQuery() != null || base.getRawFragment() != null || base.getUserInfo() != null) {
      refuse("YIMA_WECHAT_BASE_URL must have no query, no fragment and no user: remove them");
    }
    if (!scheme.equals("https") && !isLoopback(base)) {
      refuse("YIMA_WECHAT_BASE_URL must begin with https:// unless it is on this machine");
    }
    config.authorizePcUrl().ifPresent(page -> checkPage("YIMA_WECHAT_AUTHORIZE_PC_URL", page));
    config
        .authorizeMobileUrl()
        .ifPresent(page -> checkPage("YIMA_WECHAT_AUTHORIZE_MOBILE_URL", page));
    if (config.timeout().compareTo(Duration.ofMillis(1)) < 0) {
      refuse("YIMA_WECHAT_TIMEOUT must be longer than zero, for example PT5S");
    }
    if (config.maxInFlight() < 1) {
      refuse("YIMA_WECHAT_MAX_IN_FLIGHT must be 1 or more, for example 256");
    }
  }

  private static void checkPage(String setting, String page) {
    if (!page.matches("https?://[^/?#]+[^?#]*")) {
      refuse(setting + " must be the http or https address of a page, without query and fragment");
    }
  }

  /** Whether an address stays on this machine, told without asking a name server. */
  static boolean isLoopback(URI address) {
    String host = address.getHost();
    if (host == null || host.equalsIgnoreCase("localhost")) {
      return host != null;
    }
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static void refuse(String rule) {
    throw new IllegalStateException(rule);
  }
}
