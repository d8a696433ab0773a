package io.yima.codes;

import io.yima.secrets.Sha256;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import java.util.HexFormat;

/** What a code application is known by: the merchant and the caller's own id. */
public record ApplicationKey(AuthorizerId authorizer, String isvApplicationId) {

  /** The key that an address names; throws the 404 for what can be no order's id. */
  static ApplicationKey named(AuthorizerId authorizer, String isvApplicationId) {
    if (!ApplicationRules.isId(isvApplicationId)) {
      throw CodeApplications.notFound();
    }
    return new ApplicationKey(authorizer, isvApplicationId);
  }

  /**
   * The key of an order that brings no id of its own: the same for every repetition with the same
   * {@code Idempotency-Key}, so that a client's retry does not buy a second batch.
   */
  static ApplicationKey derived(AuthorizerId authorizer, String idempotencyKey) {
    String source =
        authorizer.provider() + "\n" + authorizer.authorizerAppid() + "\n" + idempotencyKey;
    return new ApplicationKey(authorizer, "y" + HexFormat.of().formatHex(Sha256.of(source)));
  }

  ProviderId provider() {
    return authorizer.provider();
  }
}
