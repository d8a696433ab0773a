package io.yima.sandbox;

import static io.yima.sandbox.ControlRequests.required;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yima.sandbox.World.Account;
import io.yima.sandbox.World.Authorization;
import io.yima.sandbox.World.Platform;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The control interface's platforms and accounts, and what accounts grant without a browser. */
final class ControlTenants {

  private final Store store;
  private final EventPusher events;
  private final TicketPusher tickets;
  private final Background background;

  ControlTenants(Store store, EventPusher events, TicketPusher tickets, Background background) {
    this.store = store;
    this.events = events;
    this.tickets = tickets;
    this.background = background;
  }

  /** Adds or changes a platform; its ticket is due at once. */
  JsonNode registerPlatform(ControlRequests.RegisterPlatform request) {
    String appid = required(request.componentAppid(), "component_appid");
    String base = required(request.callbackBase(), "callback_base").replaceAll("/+$", "");
    String key = required(request.encodingAesKey(), "encoding_aes_key");
    if (Incoming.domain(base) == null) {
      throw new BadControl("callback_base must be an http or https address");
    }
    if (!PushCrypto.isKey(key)) {
      throw new BadControl("encoding_aes_key must be 43 letters and digits");
    }
    String path =
        Objects.requireNonNullElse(request.callbackPath(), "/wechat/{component_appid}/events");
    String secret = required(request.componentAppsecret(), "component_appsecret");
    String token = required(request.messageToken(), "message_token");
    JsonNode view =
        store.change(
            w -> {
              Platform platform = w.platforms.computeIfAbsent(appid, a -> new Platform());
              platform.componentAppid = appid;
              platform.componentAppsecret = secret;
              platform.messageToken = token;
              platform.encodingAesKey = key;
              platform.callbackBase = base;
              platform.callbackPath = path.replace("{component_appid}", appid);
              platform.ticketPushing = true;
              platform.ticketAcknowledged = false;
              platform.nextTicketAt = store.now();
              return Json.tree(platform);
            });
    background.run(tickets::tick);
    return view;
  }

  /** All, or the one of an app. */
  JsonNode platforms(@Nullable String componentAppid) {
    return store.read(
        w ->
            Json.tree(
                w.platforms.values().stream()
                    .filter(p -> componentAppid == null || p.componentAppid.equals(componentAppid))
                    .toList()));
  }

  /** Pushes a fresh ticket and tells how it went; or stops and starts the regular pushes. */
  JsonNode ticket(String component, ControlRequests.PushTicket request) {
    Boolean pushing = request.pushing();
    if (pushing == null) {
      return Json.tree(tickets.push(component, true));
    }
    tickets.regularly(component, pushing);
    return Json.object().put("ticket_pushing", pushing);
  }

  /** Adds an account, or changes the fields that are given. */
  JsonNode registerAccount(ControlRequests.RegisterAccount request) {
    String appid = required(request.appid(), "appid");
    String codeKey = request.codeKey();
    if (codeKey != null && !CodePackage.isKey(codeKey)) {
      throw new BadControl("code_key must be 16 letters and digits");
    }
    return store.change(
        w -> {
          Account account = w.accounts.computeIfAbsent(appid, ControlTenants::newAccount);
          account.nickName = Objects.requireNonNullElse(request.nickName(), account.nickName);
          account.principalName =
              Objects.requireNonNullElse(request.principalName(), account.principalName);
          account.headImg = Objects.requireNonNullElse(request.headImg(), account.headImg);
          account.userName = Objects.requireNonNullElse(request.userName(), account.userName);
          account.serviceType =
              Objects.requireNonNullElse(request.serviceType(), account.serviceType);
          account.verifyType = Objects.requireNonNullElse(request.verifyType(), account.verifyType);
          account.accountStatus =
              Objects.requireNonNullElse(request.accountStatus(), account.accountStatus);
          account.miniProgram =
              Objects.requireNonNullElse(request.miniProgram(), account.miniProgram);
          account.features = Objects.requireNonNullElse(request.features(), account.features);
          account.codeKey = Objects.requireNonNullElse(codeKey, account.codeKey);
          return view(w, account);
        });
  }

  static Account newAccount(String appid) {
    Account account = new Account();
    account.appid = appid;
    account.nickName = appid;
    account.userName = "gh_" + Integer.toHexString(appid.hashCode());
    account.serviceType = 2;
    account.accountStatus = 1;
    account.features = List.of("marketcode");
    account.codeKey = Mint.codeKey();
    return account;
  }

  JsonNode accounts(@Nullable String only) {
    return store.read(
        w -> {
          if (only != null) {
            return view(w, requireAccount(w, only));
          }
          ArrayNode all = Json.array();
          w.accounts.values().forEach(a -> all.add(view(w, a)));
          return all;
        });
  }

  private static ObjectNode view(World w, Account account) {
    ObjectNode view = (ObjectNode) Json.tree(account);
    ArrayNode grants = view.putArray("authorizations");
    for (String component : w.platforms.keySet()) {
      Authorization authorization = w.authorization(component, account.appid);
      if (authorization != null) {
        grants.add(Json.tree(authorization));
      }
    }
    return view;
  }

  /** {@code authorized} for a grant, {@code updateauthorized} for a change of one. */
  JsonNode authorize(String appid, ControlRequests.Authorize request, boolean update) {
    String component = required(request.componentAppid(), "component_appid");
    boolean push = Objects.requireNonNullElse(request.push(), true);
    Authorizations.Granted granted =
        store.change(
            w -> {
              Account account = requireAccount(w, appid);
              if (!w.platforms.containsKey(component)) {
                throw new BadControl(404, "no such platform: " + component);
              }
              Authorization before = w.authorization(component, appid);
              if (update && (before == null || !before.active)) {
                throw new BadControl(409, appid + " does not authorize " + component);
              }
              String infoType = update ? "updateauthorized" : "authorized";
              return Authorizations.grant(
                  w,
                  component,
                  appid,
                  Objects.requireNonNullElse(
                      request.permissionSets(), PermissionSets.ids(account.miniProgram)),
                  push ? infoType : null,
                  Mint.preAuthCode(),
                  store.now());
            });
    events.wake(component);
    return Json.object()
        .put("authorizer_appid", appid)
        .put("auth_code", granted.authCode())
        .put("expires_in", granted.expiresIn());
  }

  JsonNode unauthorize(String appid, ControlRequests.Unauthorize request) {
    String component = required(request.componentAppid(), "component_appid");
    boolean push = Objects.requireNonNullElse(request.push(), true);
    JsonNode view =
        store.change(
            w -> {
              Authorizations.withdraw(w, component, appid, push, store.now());
              return view(w, requireAccount(w, appid));
            });
    events.wake(component);
    return view;
  }

  private static Account requireAccount(World w, String appid) {
    Account account = w.accounts.get(appid);
    if (account == null) {
      throw new BadControl(404, "no such account: " + appid);
    }
    return account;
  }
}
