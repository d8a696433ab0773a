package io.yima.wechat;

import io.yima.secrets.Secret;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an authorization code was exchanged for. The tokens are absent when the merchant's account
 * has no API capability [QUERYAUTH], the permission sets when WeChat does not tell them.
 */
public record Authorization(
    String authorizerAppid,
    @Nullable IssuedToken accessToken,
    @Nullable Secret refreshToken,
    @Nullable Set<Integer> permissionSets) {

  public Authorization {
    permissionSets = permissionSets == null ? null : Set.copyOf(permissionSets);
  }
}
