package io.yima.authorizer;

import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.wechat.Deadline;
import jakarta.enterprise.context.ApplicationScoped;

/** Takes in what WeChat says about merchants' authorizations. */
@ApplicationScoped
public class Authorizations {

  /**
   * Exchanges an authorization code, of an {@code authorized} or {@code updateauthorized} event or
   * of the browser's redirect, and stores both tokens and the permission sets in one transaction.
   *
   * @param eventCreateTime CreateTime of the event, in seconds; the present one for a redirect
   */
  public ExchangeOutcome exchange(
      ProviderId provider, Secret authorizationCode, long eventCreateTime, Deadline deadline) {
    throw new IllegalStateException(
        "to be written " + provider + authorizationCode + eventCreateTime + deadline.remaining());
  }

  /**
   * An {@code unauthorized} event. Without effect when a newer authorization is known; where the
   * order cannot be told, WeChat is asked.
   */
  public void withdrawn(AuthorizerId authorizer, long eventCreateTime, Deadline deadline) {
    throw new IllegalStateException(
        "to be written " + authorizer + eventCreateTime + deadline.remaining());
  }
}
