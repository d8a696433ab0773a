package io.yima.sandbox;

import io.yima.sandbox.World.AuthCode;
import io.yima.sandbox.World.Authorization;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens when an account's owner grants, changes or withdraws. Call inside a change. */
final class Authorizations {

  private Authorizations() {}

  record Granted(String authCode, long expiresIn) {}

  /**
   * Grants the permission sets anew: a new refresh token, an unused code, and the end of every
   * token that was valid before. Tells the platform by {@code infoType}, or not at all when it is
   * null.
   */
  static Granted grant(
      World w,
      String component,
      String authorizer,
      List<Integer> sets,
      @Nullable String infoType,
      String preAuthCode,
      Instant now) {
    w.forgetOldCodes(now);
    Authorization authorization =
        w.authorizations.computeIfAbsent(
            World.pair(component, authorizer), key -> new Authorization());
    AccessTokens.kill(w, authorization);
    authorization.componentAppid = component;
    authorization.authorizerAppid = authorizer;
    authorization.active = true;
    authorization.exchanged = false;
    authorization.permissionSets = sets.stream().distinct().sorted().toList();
    authorization.refreshToken = Mint.refreshToken();
    authorization.formerRefreshToken = null;
    authorization.formerRefreshTokenUntil = null;
    authorization.authorizedAt = now;
    authorization.revokedAt = null;
    String code = code(w, authorization, now);
    if (infoType != null) {
      String pushed = w.settings.separateEventCode() ? code(w, authorization, now) : code;
      Instant expires = now.plus(w.settings.authCodeLife());
      EventPusher.enqueue(
          w,
          component,
          infoType,
          EventXml.authorized(component, infoType, authorizer, pushed, expires, preAuthCode, now));
    }
    return new Granted(code, w.settings.authCodeLife().toSeconds());
  }

  /** Withdraws; the tokens stay known, because what they are answered is 61003. */
  static void withdraw(World w, String component, String authorizer, boolean push, Instant now) {
    Authorization authorization = w.authorization(component, authorizer);
    if (authorization == null || !authorization.active) {
      throw new BadControl(409, authorizer + " does not authorize " + component);
    }
    authorization.active = false;
    authorization.revokedAt = now;
    if (push) {
      EventPusher.enqueue(
          w, component, "unauthorized", EventXml.unauthorized(component, authorizer, now));
    }
  }

  private static String code(World w, Authorization authorization, Instant now) {
    AuthCode code = new AuthCode();
    code.componentAppid = authorization.componentAppid;
    code.authorizerAppid = authorization.authorizerAppid;
    code.refreshToken = authorization.refreshToken;
    code.expiresAt = now.plus(w.settings.authCodeLife());
    String value = Mint.authCode();
    w.authCodes.put(value, code);
    return value;
  }
}
