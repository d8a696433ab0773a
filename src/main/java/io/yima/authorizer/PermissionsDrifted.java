package io.yima.authorizer;

import io.yima.tenancy.AuthorizerId;
import java.time.Instant;
import java.util.Set;

/**
 * A comparison with WeChat found that a merchant has granted other permission sets than are known
 * here, and no push told. Fired as a synchronous CDI event within the API's transaction that stores
 * the sets and the merchant's history: what an observer writes is there if and only if they are, so
 * an observer that throws undoes all three, to be found again by the next comparison.
 */
public record PermissionsDrifted(
    AuthorizerId authorizer, Set<Integer> before, Set<Integer> after, Instant at) {

  public PermissionsDrifted {
    before = Set.copyOf(before);
    after = Set.copyOf(after);
  }
}
