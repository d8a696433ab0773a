package io.yima.authorizer;

import java.util.Collection;
import java.util.Map;
import java.util.Optional;

/** Names of the permission sets that a merchant can grant [PERM]. */
final class PermissionSets {

  private static final Map<Integer, String> NAMES =
      Map.ofEntries(
          Map.entry(1, "消息管理"),
          Map.entry(2, "用户管理"),
          Map.entry(3, "帐号服务"),
          Map.entry(4, "网页服务"),
          Map.entry(5, "微信小店"),
          Map.entry(6, "微信多客服"),
          Map.entry(7, "群发与通知"),
          Map.entry(8, "微信卡券"),
          Map.entry(9, "微信扫一扫"),
          Map.entry(10, "微信连WIFI"),
          Map.entry(11, "素材管理"),
          Map.entry(12, "微信摇周边"),
          Map.entry(13, "微信门店"),
          Map.entry(15, "自定义菜单"),
          Map.entry(22, "城市服务接口"),
          Map.entry(23, "广告管理"),
          Map.entry(24, "开放平台帐号管理"),
          Map.entry(26, "微信电子发票"),
          Map.entry(27, "快速注册小程序"),
          Map.entry(33, "小程序管理"),
          Map.entry(34, "微信商品库"),
          Map.entry(35, "微信卡路里"),
          Map.entry(44, "好物圈"),
          Map.entry(AuthorizerStanding.MARKETING_CODE_SET, "微信一物一码"),
          Map.entry(47, "微信财政电子票据"),
          Map.entry(54, "服务号对话"),
          Map.entry(66, "服务平台管理"));

  private PermissionSets() {}

  /** Empty for an id that we do not know: WeChat adds some now and then. */
  static Optional<String> name(int id) {
    return Optional.ofNullable(NAMES.get(id));
  }

  static int[] sorted(Collection<Integer> sets) {
    return sets.stream().mapToInt(Integer::intValue).sorted().toArray();
  }
}
