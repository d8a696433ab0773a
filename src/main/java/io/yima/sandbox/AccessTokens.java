package io.yima.sandbox;

import io.yima.sandbox.World.AccessToken;
import io.yima.sandbox.World.Authorization;
import io.yima.sandbox.World.Platform;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Issues access tokens and says what is wrong with one that is shown. */
final class AccessTokens {

  private AccessTokens() {}

  /** A new component token; the former is worthless at once unless an overlap is set. */
  static String issue(World world, Platform platform, Instant now) {
    bury(world, platform.componentAccessToken, now, world.settings.componentTokenOverlap());
    String value = Mint.accessToken();
    platform.componentAccessToken = value;
    put(world, value, platform.componentAppid, null, now.plus(world.settings.componentTokenLife()));
    return value;
  }

  /** A new authorizer token; the former lives on for the overlap, the one before it is gone. */
  static String issue(World world, Authorization authorization, Instant now) {
    if (authorization.formerAccessToken != null) {
      world.tokens.remove(authorization.formerAccessToken);
    }
    authorization.formerAccessToken = authorization.accessToken;
    bury(world, authorization.formerAccessToken, now, world.settings.tokenOverlap());
    String value = Mint.accessToken();
    authorization.accessToken = value;
    put(
        world,
        value,
        authorization.componentAppid,
        authorization.authorizerAppid,
        now.plus(world.settings.tokenLife()));
    return value;
  }

  /** Kills whatever access tokens an authorization has. */
  static void kill(World world, Authorization authorization) {
    if (authorization.accessToken != null) {
      world.tokens.remove(authorization.accessToken);
      authorization.accessToken = null;
    }
    if (authorization.formerAccessToken != null) {
      world.tokens.remove(authorization.formerAccessToken);
      authorization.formerAccessToken = null;
    }
  }

  static Platform requireComponent(World world, @Nullable String value, Instant now) {
    AccessToken token = find(world, value);
    if (token.authorizerAppid != null) {
      throw new Refusal(61014, "must use component token for component api");
    }
    requireAlive(token, now, 42006, "component_access_token expired");
    Platform platform = world.platforms.get(token.componentAppid);
    if (platform == null) {
      throw new Refusal(40001, "invalid credential, access_token is invalid or not latest");
    }
    return platform;
  }

  static Authorization requireAuthorizer(World world, @Nullable String value, Instant now) {
    AccessToken token = find(world, value);
    if (token.authorizerAppid == null) {
      throw new Refusal(61015, "must use api token for business api");
    }
    Authorization authorization = world.authorization(token.componentAppid, token.authorizerAppid);
    if (authorization == null || !authorization.active) {
      throw new Refusal(61003, "component is not authorized by this account");
    }
    requireAlive(token, now, 42001, "access_token expired");
    return authorization;
  }

  private static AccessToken find(World world, @Nullable String value) {
    if (value == null || value.isEmpty()) {
      throw new Refusal(41001, "access_token missing");
    }
    AccessToken token = world.tokens.get(value);
    if (token == null) {
      throw new Refusal(40001, "invalid credential, access_token is invalid or not latest");
    }
    return token;
  }

  private static void requireAlive(AccessToken token, Instant now, int expired, String text) {
    if (token.deadAt != null && !now.isBefore(token.deadAt)) {
      throw new Refusal(40001, "invalid credential, access_token is invalid or not latest");
    }
    if (!now.isBefore(token.expiresAt)) {
      throw new Refusal(expired, text);
    }
  }

  private static void put(
      World world, String value, String component, @Nullable String authorizer, Instant expires) {
    AccessToken token = new AccessToken();
    token.componentAppid = component;
    token.authorizerAppid = authorizer;
    token.expiresAt = expires;
    world.tokens.put(value, token);
  }

  private static void bury(World world, @Nullable String value, Instant now, Duration overlap) {
    AccessToken token = value == null ? null : world.tokens.get(value);
    if (value == null || token == null) {
      return;
    }
    if (overlap.isZero() || overlap.isNegative()) {
      world.tokens.remove(value);
    } else {
      token.deadAt = now.plus(overlap);
    }
  }
}
