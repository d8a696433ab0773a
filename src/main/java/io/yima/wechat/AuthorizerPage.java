package io.yima.wechat;

import io.yima.secrets.Secret;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One page of the merchants who authorized a platform [ALIST].
 *
 * @param totalCount as WeChat says; 0 when it does not
 * @param entries how many entries the page has, those included that name nobody
 */
public record AuthorizerPage(long totalCount, int entries, List<Listed> authorizers) {

  public AuthorizerPage {
    authorizers = List.copyOf(authorizers);
  }

  /**
   * Whether the list may go on behind this page. A full page is never taken for the last one,
   * because totals are not reliable while merchants come and go.
   */
  public boolean hasMore(int offset, int pageSize) {
    return entries > 0 && (entries >= pageSize || (long) offset + pageSize < totalCount);
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
