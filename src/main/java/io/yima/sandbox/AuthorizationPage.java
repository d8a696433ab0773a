package io.yima.sandbox;

import io.netty.handler.codec.http.QueryStringDecoder;
import io.yima.sandbox.World.Account;
import io.yima.sandbox.World.Authorization;
import io.yima.sandbox.World.Platform;
import io.yima.sandbox.World.PreAuthCode;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * WeChat's authorization page, PC and mobile. Like the real one it opens only for who comes from
 * the platform's registered domain, with a pre-auth code of that platform that was not used.
 */
final class AuthorizationPage {

  private static final Set<String> PATHS =
      Set.of("/cgi-bin/componentloginpage", "/wxaopen/safe/bindcomponent", "/safe/bindcomponent");

  private final Store store;
  private final EventPusher events;

  AuthorizationPage(Store store, EventPusher events) {
    this.store = store;
    this.events = events;
  }

  static boolean serves(String path) {
    return PATHS.contains(path);
  }

  Answer answer(Incoming in) {
    try {
      return switch (in.method()) {
        case "GET" -> show(in);
        case "POST" -> confirm(in);
        default -> Answer.text(405, "405 method not allowed");
      };
    } catch (PageRefused refused) {
      return Answer.html(refused.status, AuthorizationHtml.refused(refused.zh, refused.en));
    }
  }

  private Answer show(Incoming in) {
    return store.change(
        w -> {
          Platform platform = requirePlatform(w, in.query());
          String from = in.header("referer") != null ? in.header("referer") : in.header("origin");
          if (w.settings.checkOrigin() && !sameDomain(from, platform.callbackBase)) {
            throw new PageRefused(
                403,
                "请确认授权入口页所在域名，与授权后回调页所在域名相同，并且都是平台登记的域名。",
                "This page must be opened from the platform's registered domain.");
          }
          requireRedirect(platform, in.query());
          PreAuthCode code = requireCode(w, platform, in.query());
          code.opened = true;
          return page(w, platform, in.path(), in.query(), null);
        });
  }

  private Answer confirm(Incoming in) {
    var form = new QueryStringDecoder(in.body(), false).parameters();
    String ownDomain = in.header("host");
    String origin = in.header("origin");
    if (origin != null && !Objects.equals(Incoming.domain(origin), ownDomain)) {
      throw new PageRefused(403, "请求来源不正确。", "The form was not sent from this page.");
    }
    Answer answer =
        store.change(
            w -> {
              Platform platform = requirePlatform(w, in.query());
              String redirect = requireRedirect(platform, in.query());
              PreAuthCode code = requireCode(w, platform, in.query());
              if (!code.opened) {
                throw new PageRefused(
                    403, "请从授权入口页进入。", "The page was never opened from the registered domain.");
              }
              Account account = chosen(w, in.query(), form.get("authorizer_appid"));
              List<Integer> sets = ticked(form.get("permission_set"));
              if (account == null || sets.isEmpty()) {
                return page(
                    w, platform, in.path(), in.query(), "请选择帐号和权限集。 Choose an account and sets.");
              }
              code.used = true;
              return redirect(redirect, grant(w, platform, account, sets, in.query()));
            });
    events.wake(in.query().getOrDefault("component_appid", ""));
    return answer;
  }

  private Authorizations.Granted grant(
      World w, Platform platform, Account account, List<Integer> sets, Map<String, String> query) {
    Authorization before = w.authorization(platform.componentAppid, account.appid);
    String infoType = "authorized";
    if (before != null && before.active) {
      // Scanning again without a change is not worth an event to WeChat.
      boolean same = Set.copyOf(before.permissionSets).equals(Set.copyOf(sets));
      infoType = same ? null : "updateauthorized";
    }
    return Authorizations.grant(
        w,
        platform.componentAppid,
        account.appid,
        sets,
        infoType,
        query.getOrDefault("pre_auth_code", ""),
        store.now());
  }

  private static Answer redirect(String target, Authorizations.Granted granted) {
    int hash = target.indexOf('#');
    String address = hash < 0 ? target : target.substring(0, hash);
    String fragment = hash < 0 ? "" : target.substring(hash);
    return Answer.redirect(
        address
            + (address.contains("?") ? "&" : "?")
            + "auth_code="
            + URLEncoder.encode(granted.authCode(), StandardCharsets.UTF_8)
            + "&expires_in="
            + granted.expiresIn()
            + fragment);
  }

  private static Answer page(
      World w, Platform platform, String path, Map<String, String> query, @Nullable String notice) {
    return Answer.html(
        200, AuthorizationHtml.form(w, platform, path, query, offered(w, query), notice));
  }

  /** The accounts that auth_type lets choose; biz_appid, when given, comes before it. */
  private static List<Account> offered(World w, Map<String, String> query) {
    String only = query.getOrDefault("biz_appid", "");
    String type = query.getOrDefault("auth_type", "3");
    return w.accounts.values().stream()
        .filter(a -> only.isEmpty() ? kindFits(type, a.miniProgram) : a.appid.equals(only))
        .toList();
  }

  private static boolean kindFits(String authType, boolean miniProgram) {
    return switch (authType) {
      case "1" -> !miniProgram;
      case "2" -> miniProgram;
      case "3", "6" -> true;
      default -> false;
    };
  }

  private static @Nullable Account chosen(
      World w, Map<String, String> query, @Nullable List<String> appids) {
    if (appids == null || appids.size() != 1) {
      return null;
    }
    return offered(w, query).stream()
        .filter(a -> a.appid.equals(appids.getFirst()))
        .findFirst()
        .orElse(null);
  }

  private static List<Integer> ticked(@Nullable List<String> values) {
    return values == null
        ? List.of()
        : values.stream().filter(v -> v.matches("\\d{1,4}")).map(Integer::valueOf).toList();
  }

  private static Platform requirePlatform(World w, Map<String, String> query) {
    Platform platform = w.platforms.get(query.getOrDefault("component_appid", ""));
    if (platform == null) {
      throw new PageRefused(400, "第三方平台不存在。", "Unknown component_appid.");
    }
    return platform;
  }

  private PreAuthCode requireCode(World w, Platform platform, Map<String, String> query) {
    PreAuthCode code = w.preAuthCodes.get(query.getOrDefault("pre_auth_code", ""));
    Instant now = store.now();
    if (code == null || !code.componentAppid.equals(platform.componentAppid)) {
      throw new PageRefused(400, "预授权码无效。", "Unknown pre_auth_code.");
    }
    if (code.used) {
      throw new PageRefused(400, "预授权码已被使用。", "This pre_auth_code was already used.");
    }
    if (!now.isBefore(code.expiresAt)) {
      throw new PageRefused(400, "预授权码已过期。", "This pre_auth_code has expired.");
    }
    return code;
  }

  private static String requireRedirect(Platform platform, Map<String, String> query) {
    String redirect = query.getOrDefault("redirect_uri", "");
    if (!sameDomain(redirect, platform.callbackBase)) {
      throw new PageRefused(
          400,
          "redirect_uri 的域名与平台登记的域名不一致。",
          "The redirect_uri is not under the platform's registered domain.");
    }
    return redirect;
  }

  private static boolean sameDomain(@Nullable String address, String registered) {
    String domain = Incoming.domain(address);
    return domain != null && domain.equalsIgnoreCase(Incoming.domain(registered));
  }

  private static final class PageRefused extends RuntimeException {
    private final int status;
    private final String zh;
    private final String en;

    private PageRefused(int status, String zh, String en) {
      super(en, null, false, false);
      this.status = status;
      this.zh = zh;
      this.en = en;
    }
  }
}
