package io.yima.demo;

import java.util.List;
import java.util.Map;

/** Who plays in the demo. The secrets protect nothing: they are known to the sandbox only. */
final class DemoCast {

  static final String COMPONENT_APPID = "wxdemo0000platform";

  static final Map<String, String> SECRETS =
      Map.of(
          "component_appsecret", "demo0component0secret0of0sandbox",
          "message_token", "demomessagetoken",
          "encoding_aes_key", "demoEncodingAesKeyForTheSandboxOnly01234567");

  /** A merchant and the permission sets it grants. */
  record Merchant(String appid, String nickName, String principalName, List<Integer> sets) {}

  static final List<Merchant> MERCHANTS =
      List.of(
          new Merchant("wxdemo00merchant01", "春山茶铺", "杭州春山茶业有限公司", List.of(1, 11, 46)),
          new Merchant("wxdemo00merchant02", "小满酱油", "佛山小满食品有限公司", List.of(1, 46)),
          new Merchant("wxdemo00merchant03", "北岸啤酒", "青岛北岸酿造有限公司", List.of(1, 11)));

  static final String APPLICATION = "demo-first-batch";
  static final int CODE_COUNT = 100_000;

  private DemoCast() {}
}
