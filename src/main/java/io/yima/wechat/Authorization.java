package io.yima.wechat;

import io.yima.secrets.Secret;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an authorization code was exchanged for. The tokens are absent when the merchant's account
 * has no API capability [QUERYAUTH].
 */
public record Authorization(
    String authorizerAppid,
    @Nullable IssuedToken accessToken,
    @Nullable Secret refreshToken,
    Set<Integer> permissionSets) {

  public Authorization {
    permissionSets = Set.copyOf(permissionSets);
  }
}
