package io.yima.sandbox;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.yima.sandbox.World.Account;
import io.yima.sandbox.World.AuthCode;
import io.yima.sandbox.World.Authorization;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** The calls about authorized accounts: exchange of the code, refresh, profile, list. */
final class AuthorizerApi {

  private static final int MOST_PER_PAGE = 500;

  private final Store store;
  private final Counters counters;
  private final Oddness oddness;

  AuthorizerApi(Store store, Counters counters, Oddness oddness) {
    this.store = store;
    this.counters = counters;
    this.oddness = oddness;
  }

  /** {@code api_query_auth}: the one exchange of an authorization code. */
  ObjectNode queryAuth(Incoming in) {
    return store.change(
        w -> {
          Instant now = store.now();
          String component = ComponentApi.authenticate(w, in, now).componentAppid;
          Authorization authorization =
              exchange(w, component, Body.of(in).text("authorization_code"), now);
          ObjectNode info =
              Json.object()
                  .put("authorizer_appid", authorization.authorizerAppid)
                  .put("authorizer_access_token", AccessTokens.issue(w, authorization, now))
                  .put("expires_in", w.settings.tokenLife().toSeconds())
                  .put("authorizer_refresh_token", authorization.refreshToken);
          info.set("func_info", functions(authorization));
          ObjectNode answer = Json.object();
          answer.set("authorization_info", info);
          return answer;
        });
  }

  private static Authorization exchange(World w, String component, String value, Instant now) {
    AuthCode code = w.authCodes.get(value);
    if (code == null || code.used || !code.componentAppid.equals(component)) {
      throw new Refusal(61009, "code is invalid");
    }
    if (!now.isBefore(code.expiresAt)) {
      throw new Refusal(61010, "code is expired");
    }
    Authorization authorization = w.authorization(component, code.authorizerAppid);
    if (authorization == null || !authorization.active) {
      throw new Refusal(61003, "component is not authorized by this account");
    }
    if (!authorization.refreshToken.equals(code.refreshToken)) {
      throw new Refusal(61009, "code is invalid: the account has authorized anew");
    }
    code.used = true;
    authorization.exchanged = true;
    return authorization;
  }

  /** {@code api_authorizer_token}: a new access token; a new refresh token only by setting. */
  ObjectNode authorizerToken(Incoming in) {
    ObjectNode answer =
        store.change(
            w -> {
              Instant now = store.now();
              String component = ComponentApi.authenticate(w, in, now).componentAppid;
              Body body = Body.of(in);
              Authorization authorization = require(w, component, body.text("authorizer_appid"));
              requireRefreshToken(authorization, body.optional("authorizer_refresh_token"), now);
              rotate(w, authorization, now);
              authorization.refreshes++;
              return Json.object()
                  .put("authorizer_access_token", AccessTokens.issue(w, authorization, now))
                  .put("expires_in", w.settings.tokenLife().toSeconds())
                  .put("authorizer_refresh_token", authorization.refreshToken);
            });
    counters.refreshed(in, answer.path("authorizer_access_token").asText());
    return answer;
  }

  private static void requireRefreshToken(
      Authorization authorization, @Nullable String shown, Instant now) {
    boolean current = authorization.refreshToken.equals(shown);
    boolean former =
        shown != null
            && shown.equals(authorization.formerRefreshToken)
            && authorization.formerRefreshTokenUntil != null
            && now.isBefore(authorization.formerRefreshTokenUntil);
    if (!current && !former) {
      throw new Refusal(61023, "refresh_token is invalid");
    }
  }

  private static void rotate(World w, Authorization authorization, Instant now) {
    double probability = w.settings.rotateProbability();
    // Seeded and counted, so that a run can be repeated.
    long draw =
        w.settings.seed() * 31L
            + authorization.refreshes
            + 1_000_003L * authorization.authorizerAppid.hashCode();
    if (probability > 0 && new SplittableRandom(draw).nextDouble() < probability) {
      authorization.formerRefreshToken = authorization.refreshToken;
      authorization.formerRefreshTokenUntil = now.plus(w.settings.refreshTokenOverlap());
      authorization.refreshToken = Mint.refreshToken();
    }
  }

  /** {@code api_get_authorizer_info}. */
  ObjectNode info(Incoming in) {
    return store.read(
        w -> {
          String component = ComponentApi.authenticate(w, in, store.now()).componentAppid;
          Authorization authorization = require(w, component, Body.of(in).text("authorizer_appid"));
          ObjectNode grant = Json.object().put("authorizer_appid", authorization.authorizerAppid);
          if (authorization.exchanged) {
            grant.put("authorizer_refresh_token", authorization.refreshToken);
          }
          grant.set("func_info", functions(authorization));
          ObjectNode answer = Json.object();
          answer.set(
              "authorizer_info",
              AuthorizerProfile.of(
                  Objects.requireNonNull(w.accounts.get(authorization.authorizerAppid))));
          answer.set("authorization_info", grant);
          return answer;
        });
  }

  /** {@code api_get_authorizer_list}: the key is refresh_token here and nowhere else. */
  ObjectNode list(Incoming in) {
    return store.read(
        w -> {
          String component = ComponentApi.authenticate(w, in, store.now()).componentAppid;
          Body body = Body.of(in);
          long offset = body.whole("offset");
          long count = body.whole("count");
          if (count > MOST_PER_PAGE) {
            throw new Refusal(40170, "count exceeds the limit");
          }
          if (offset < 0 || count < 1) {
            throw new Refusal(47001, "data format error: offset or count");
          }
          List<Authorization> active =
              w.authorizationsOf(component).values().stream().filter(a -> a.active).toList();
          ArrayNode page = Json.array();
          active.stream().skip(offset).limit(count).forEach(a -> page.add(entry(a)));
          ObjectNode answer = Json.object().put("total_count", active.size());
          answer.set("list", page);
          return answer;
        });
  }

  private static ObjectNode entry(Authorization authorization) {
    ObjectNode entry = Json.object().put("authorizer_appid", authorization.authorizerAppid);
    if (authorization.exchanged) {
      entry.put("refresh_token", authorization.refreshToken);
    }
    return entry.put("auth_time", authorization.authorizedAt.getEpochSecond());
  }

  private static Authorization require(World w, String component, String authorizerAppid) {
    Authorization authorization = w.authorization(component, authorizerAppid);
    Account account = w.accounts.get(authorizerAppid);
    if (authorization == null || !authorization.active || account == null) {
      throw new Refusal(61003, "component is not authorized by this account");
    }
    return authorization;
  }

  private ArrayNode functions(Authorization authorization) {
    boolean wordy = oddness.everyNth("func_info", 2);
    ArrayNode list = Json.array();
    for (int id : authorization.permissionSets) {
      ObjectNode function = Json.object();
      ObjectNode category = function.putObject("funcscope_category").put("id", id);
      if (wordy) {
        category.put("type", 0).put("name", PermissionSets.name(id)).put("desc", "");
        function
            .putObject("confirm_info")
            .put("need_confirm", 0)
            .put("already_confirm", 0)
            .put("can_confirm", 0);
      }
      list.add(function);
    }
    return list;
  }
}
