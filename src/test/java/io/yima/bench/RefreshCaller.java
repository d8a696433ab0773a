package io.yima.bench;

/** Refreshes one merchant's token in some way; safe for many threads. */
@FunctionalInterface
interface RefreshCaller {

  /** Where the paths of the one call begin that every contender makes. */
  String PATH = "cgi-bin/component/api_authorizer_token";

  /** What is known of the platform app; the stub checks nothing. */
  String COMPONENT_APPID = "wx00000000c0ffee00";

  /** About as long as WeChat's. */
  String COMPONENT_TOKEN = "74_component-token-of-about-the-length-that-WeChat-gives-out".repeat(2);

  /** Returns once WeChat's answer is understood and, where the contender stores it, stored. */
  void refresh(int merchant) throws Exception;

  /** As long as WeChat's. */
  static String refreshToken(int merchant) {
    return "refreshtoken@@@benchmark-token-of-merchant-number-%010d".formatted(merchant);
  }

  static String body(int merchant) {
    return "{\"component_appid\":\""
        + COMPONENT_APPID
        + "\",\"authorizer_appid\":\""
        + Appids.of(merchant)
        + "\",\"authorizer_refresh_token\":\""
        + refreshToken(merchant)
        + "\"}";
  }
}
