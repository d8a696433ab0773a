package io.yima.wechat;

import io.yima.secrets.Secret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One page of the merchants who authorized a platform [ALIST]. */
public record AuthorizerPage(long totalCount, List<Listed> authorizers) {

  public AuthorizerPage {
    authorizers = List.copyOf(authorizers);
  }

  /**
   * One merchant.
   *
   * @param refreshToken absent when the authorization code was never exchanged [F-LISTMISS]
   * @param authTime Unix seconds
   */
  public record Listed(
      String authorizerAppid, @Nullable Secret refreshToken, @Nullable Long authTime) {}
}
