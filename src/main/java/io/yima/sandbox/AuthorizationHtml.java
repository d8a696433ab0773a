package io.yima.sandbox;

import io.yima.sandbox.World.Account;
import io.yima.sandbox.World.Authorization;
import io.yima.sandbox.World.Platform;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The markup of the authorization page: one document, no script, everything escaped. */
final class AuthorizationHtml {

  private static final String STYLE =
      """
      body{margin:0;background:#f2f3f5;color:#1f2329;font:16px/1.6 system-ui,-apple-system,\
      "PingFang SC","Microsoft YaHei",sans-serif}
      main{max-width:34rem;margin:3rem auto;padding:2rem;background:#fff;border-radius:12px;\
      box-shadow:0 2px 12px #0001}
      h1{font-size:1.3rem;margin:0 0 .25rem}h2{font-size:1rem;margin:1.5rem 0 .5rem}
      p{margin:.25rem 0;color:#646a73}code{font-size:.85em;color:#646a73}
      label{display:flex;gap:.6rem;align-items:center;padding:.55rem .75rem;margin:.35rem 0;\
      border:1px solid #e5e6eb;border-radius:8px;cursor:pointer}
      label:has(:checked){border-color:#07c160;background:#f0fbf4}
      .sets{display:grid;grid-template-columns:1fr 1fr;gap:0 .6rem}
      input{accent-color:#07c160}small{margin-left:auto;color:#8f959e}
      button{width:100%;margin-top:1.5rem;padding:.8rem;border:0;border-radius:8px;\
      background:#07c160;color:#fff;font:600 1rem/1.2 inherit;cursor:pointer}
      .notice{padding:.6rem .8rem;background:#fff3e8;color:#b54708;border-radius:8px}
      footer{margin-top:1.5rem;font-size:.8rem;color:#8f959e;text-align:center}
      """;

  private AuthorizationHtml() {}

  static String refused(String zh, String en) {
    return document(
        "无法授权 · Not possible",
        "<h1>无法授权</h1><p class=\"notice\">"
            + escape(zh)
            + "</p><h2>This authorization is not possible</h2><p>"
            + escape(en)
            + "</p>");
  }

  static String form(
      World w,
      Platform platform,
      String path,
      Map<String, String> query,
      List<Account> accounts,
      @Nullable String notice) {
    if (accounts.isEmpty()) {
      return refused("没有可授权的帐号。", "There is no account of this kind to choose.");
    }
    String body =
        "<h1>公众平台帐号授权</h1><p>Authorize a third-party platform<br>第三方平台 Platform: <code>"
            + escape(platform.componentAppid)
            + "</code></p>"
            + (notice == null ? "" : "<p class=\"notice\">" + escape(notice) + "</p>")
            + "<form method=\"post\" action=\""
            + escape(path + "?" + encode(query))
            + "\"><h2>选择帐号 · Choose the account</h2>"
            + accounts.stream()
                .map(a -> account(w, platform, a, accounts.size() == 1))
                .collect(Collectors.joining())
            + "<h2>授权的权限集 · Permission sets</h2><div class=\"sets\">"
            + sets(accounts, query)
            + "</div><button type=\"submit\">同意授权 · Authorize</button></form>";
    return document("帐号授权 · Authorization", body);
  }

  private static String account(World w, Platform platform, Account account, boolean only) {
    Authorization authorization = w.authorization(platform.componentAppid, account.appid);
    String state =
        authorization == null ? "" : authorization.active ? "已授权 authorized" : "已取消 withdrawn";
    return "<label><input type=\"radio\" name=\"authorizer_appid\" required value=\""
        + escape(account.appid)
        + (only ? "\" checked>" : "\">")
        + "<span>"
        + escape(account.nickName)
        + " <code>"
        + escape(account.appid)
        + "</code><br><code>"
        + kind(account)
        + "</code></span><small>"
        + state
        + "</small></label>";
  }

  private static String kind(Account account) {
    if (account.miniProgram) {
      return "小程序 mini program";
    }
    return account.serviceType == 2 ? "服务号 service account" : "订阅号 subscription account";
  }

  private static String sets(List<Account> accounts, Map<String, String> query) {
    Map<Integer, String> names = new TreeMap<>();
    accounts.forEach(a -> names.putAll(PermissionSets.of(a.miniProgram)));
    String wanted = query.getOrDefault("category_id_list", "");
    Set<String> ids = Arrays.stream(wanted.split("\\|", -1)).collect(Collectors.toSet());
    return names.entrySet().stream()
        .map(
            e ->
                "<label><input type=\"checkbox\" name=\"permission_set\" value=\""
                    + e.getKey()
                    + (wanted.isEmpty() || ids.contains(e.getKey().toString())
                        ? "\" checked>"
                        : "\">")
                    + escape(e.getValue())
                    + "<small>"
                    + e.getKey()
                    + "</small></label>")
        .collect(Collectors.joining());
  }

  private static String encode(Map<String, String> query) {
    return query.entrySet().stream()
        .map(e -> encode(e.getKey()) + "=" + encode(e.getValue()))
        .collect(Collectors.joining("&"));
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  private static String document(String title, String body) {
    return "<!doctype html><html lang=\"zh-CN\"><head><meta charset=\"utf-8\">"
        + "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>"
        + escape(title)
        + "</title><style>"
        + STYLE
        + "</style></head><body><main>"
        + body
        + "<footer>一码沙箱，不是微信 · The Yima sandbox, not WeChat</footer></main></body></html>";
  }

  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;")
        .replace("'", "&#39;");
  }
}
