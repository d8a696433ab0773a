package io.yima.wechat;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The remedies of {@link ErrorCodes} in Chinese, by the same numbers. */
final class ChineseRemedies {

  private static final String IP =
      "把本机的出口地址%s加入该第三方平台在 open.weixin.qq.com 的 IP 白名单，并全网发布；注意不要加到别的平台。";
  private static final String SECRET = "检查 component_appsecret：微信不接受它；若已重置，请用 PATCH 提交新值。";
  private static final String TICKET =
      "等待微信推送下一个 component_verify_ticket（每 10 分钟一次）；若一直没有，请检查平台后台的授权事件接收地址。";
  private static final String REAUTHORIZE = "给商家发送新的授权链接，请其管理员重新授权。";
  private static final String GRANT = "请商家管理员重新授权，并勾选权限集 46（微信一物一码）。";
  private static final String LINK_AGAIN = "请重新打开授权链接。";
  private static final String CONFIRM = "在平台后台处理该权限集的确认事项，然后全网发布。";
  private static final String PLATFORM = "在 open.weixin.qq.com 检查该第三方平台的状态。";
  private static final String UNKNOWN = "Yima 不认识这个返回：请用错误码和 rid 在 developers.weixin.qq.com 查询。";

  private static final Map<Integer, String> BY_NUMBER =
      Map.ofEntries(
          Map.entry(40001, SECRET),
          Map.entry(40013, "检查 component_appid：微信不认识它。"),
          Map.entry(40014, SECRET),
          Map.entry(40090, "在 open.weixin.qq.com 检查该平台是否可以调用此接口。"),
          Map.entry(40091, TICKET),
          Map.entry(40094, "在 open.weixin.qq.com 核对 component_appid 和 component_appsecret。"),
          Map.entry(40125, SECRET),
          Map.entry(40164, IP),
          Map.entry(42002, REAUTHORIZE),
          Map.entry(42007, REAUTHORIZE),
          Map.entry(45009, "等到次日（北京时间），或在微信后台清零额度。"),
          Map.entry(45015, "用户距上次发消息已太久，或已取消关注：请其再次发消息；若在全网发布检测中，请重新检测。"),
          Map.entry(45035, IP),
          Map.entry(48001, "请商家在公众号后台（mp.weixin.qq.com）申请开通“微信一物一码”，并确认已授予该权限集。"),
          Map.entry(48004, "微信封禁了该账号的此接口：须由商家处理。"),
          Map.entry(48006, "等到下个月：该额度本月不能再清零。"),
          Map.entry(50002, "该账号被冻结或已注销：须由商家处理。"),
          Map.entry(61000, PLATFORM),
          Map.entry(61001, PLATFORM),
          Map.entry(61002, "开通该账号的客服功能。"),
          Map.entry(61003, REAUTHORIZE),
          Map.entry(61004, IP),
          Map.entry(61005, TICKET),
          Map.entry(61006, TICKET),
          Map.entry(61007, GRANT),
          Map.entry(61009, LINK_AGAIN),
          Map.entry(61010, LINK_AGAIN),
          Map.entry(61011, "检查 component_appid 是否为第三方平台的 appid，而不是公众号的。"),
          Map.entry(61016, "在平台后台确认该权限集，然后全网发布。"),
          Map.entry(61017, GRANT),
          Map.entry(61018, CONFIRM),
          Map.entry(61019, CONFIRM),
          Map.entry(61020, CONFIRM),
          Map.entry(61021, CONFIRM),
          Map.entry(61022, CONFIRM),
          Map.entry(61023, REAUTHORIZE),
          Map.entry(61026, PLATFORM),
          Map.entry(61027, PLATFORM),
          Map.entry(61028, "在 open.weixin.qq.com 全网发布该平台。"),
          Map.entry(61029, "勾选基础权限集后重新全网发布该平台。"),
          Map.entry(61030, PLATFORM),
          Map.entry(89503, "请管理员在微信中确认本机的地址。"));

  private ChineseRemedies() {}

  /** Where the number has none: of what is told without WeChat, by its stable word. */
  static String of(String code, @Nullable Integer errcode, String errmsg) {
    if (errcode != null) {
      return BY_NUMBER.getOrDefault(errcode, UNKNOWN).formatted(address(errmsg));
    }
    return switch (code) {
      case "misconfigured" -> "检查 YIMA_WECHAT_BASE_URL 以及到它之间的代理。";
      case "unavailable" ->
          "若持续如此，请检查本机能否访问 YIMA_WECHAT_BASE_URL 的地址，以及 YIMA_WECHAT_MAX_IN_FLIGHT 是否过小。";
      case "ticket_missing", "ticket_expired" -> TICKET;
      default -> UNKNOWN;
    };
  }

  private static String address(String errmsg) {
    return ErrorCodes.addressSeenIn(errmsg).map(seen -> "（微信看到的是 " + seen + "）").orElse("");
  }
}
