package io.yima.sandbox;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** WeChat's permission sets, by number, as its authorization page names them. */
final class PermissionSets {

  private static final Map<Integer, String> OFFICIAL_ACCOUNT =
      new TreeMap<>(
          Map.ofEntries(
              Map.entry(1, "消息管理"),
              Map.entry(2, "用户管理"),
              Map.entry(3, "帐号服务"),
              Map.entry(4, "网页服务"),
              Map.entry(7, "群发与通知"),
              Map.entry(8, "微信卡券"),
              Map.entry(9, "微信扫一扫"),
              Map.entry(11, "素材管理"),
              Map.entry(13, "微信门店"),
              Map.entry(15, "自定义菜单"),
              Map.entry(24, "开放平台帐号管理"),
              Map.entry(46, "微信一物一码")));

  private static final Map<Integer, String> MINI_PROGRAM =
      new TreeMap<>(
          Map.of(
              17, "帐号管理",
              18, "开发管理与数据分析",
              19, "客服消息管理",
              25, "开放平台帐号管理",
              30, "小程序基本信息设置"));

  private PermissionSets() {}

  static Map<Integer, String> of(boolean miniProgram) {
    return miniProgram ? MINI_PROGRAM : OFFICIAL_ACCOUNT;
  }

  static List<Integer> ids(boolean miniProgram) {
    return List.copyOf(of(miniProgram).keySet());
  }

  static String name(int id) {
    String name = OFFICIAL_ACCOUNT.get(id);
    return name != null ? name : MINI_PROGRAM.getOrDefault(id, "权限集 " + id);
  }
}
