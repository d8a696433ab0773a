package io.yima.callback;

/** What a merchant is told when there is nothing to press. */
enum Notice {
  DONE(
      200,
      "授权成功",
      "您的账号已完成授权，可以关闭此页面。",
      "Authorization complete",
      "Your account is authorized. You may close this page."),
  IN_PROGRESS(
      200,
      "正在处理",
      "微信已确认您的授权，我们正在处理，通常几分钟内完成。您无需再次操作，可以关闭此页面。",
      "Being processed",
      "WeChat has your confirmation and we are completing it, usually within minutes. You need not"
          + " do anything else and may close this page."),
  ALREADY_USED(
      200,
      "此授权已处理",
      "此次授权的凭证已被使用。如果您刚刚完成授权，则无需再次操作；否则请重新打开服务商给您的链接。",
      "Already used",
      "This authorization was used before. If you have just authorized, nothing else is needed;"
          + " otherwise open the link from your service provider once more."),
  NOT_AUTHORIZED(
      409,
      "授权未完成",
      "此次授权的凭证已失效或无效。请重新打开服务商给您的链接再试一次；如仍失败，请联系服务商。",
      "Not authorized",
      "This authorization has expired or is not valid. Open the link from your service provider once"
          + " more; if that does not help, contact the provider."),
  MISCONFIGURED(
      502,
      "授权未完成",
      "服务商的平台配置存在问题，微信拒绝了请求。请联系服务商处理后再试。",
      "Not authorized",
      "WeChat refused because of the service provider's set-up. Please tell the provider, then try"
          + " again."),
  UNAVAILABLE(
      503,
      "暂时无法连接微信",
      "请稍后刷新页面重试；如持续失败，请联系服务商。",
      "WeChat cannot be reached now",
      "Please try again in a moment; if it goes on, contact your service provider."),
  LINK_UNKNOWN(
      404,
      "链接无效",
      "请检查链接是否完整，或联系服务商重新获取。",
      "No such link",
      "Check that the link is complete, or ask your service provider for another one."),
  LINK_EXPIRED(
      410,
      "链接已过期",
      "请联系服务商重新获取授权链接。",
      "This link has expired",
      "Ask your service provider for another one."),
  LINK_MISSING(
      403,
      "无法完成授权",
      "此页面必须从服务商提供的有效授权链接进入。请联系服务商重新获取链接。",
      "Authorization cannot be completed",
      "This page must be reached through a valid link of your service provider. Ask the provider for"
          + " another one.");

  private final int status;
  private final String zhTitle;
  private final String zhText;
  private final String enTitle;
  private final String enText;

  Notice(int status, String zhTitle, String zhText, String enTitle, String enText) {
    this.status = status;
    this.zhTitle = zhTitle;
    this.zhText = zhText;
    this.enTitle = enTitle;
    this.enText = enText;
  }

  int status() {
    return status;
  }

  String zhTitle() {
    return zhTitle;
  }

  String zhText() {
    return zhText;
  }

  String enTitle() {
    return enTitle;
  }

  String enText() {
    return enText;
  }
}
