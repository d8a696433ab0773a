package io.yima.authorizer;

import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.Failure;

/** What exchanging an authorization code came to. */
public sealed interface ExchangeOutcome {

  /** Tokens and permission sets are stored; the profile follows as soon as WeChat tells it. */
  record Authorized(AuthorizerId authorizer) implements ExchangeOutcome {}

  /**
   * The code was used before: the pushed event and the browser's redirect race, and the other one
   * won. Nothing to do.
   */
  record AlreadyExchanged() implements ExchangeOutcome {}

  /** Not now, or never; the failure says which. */
  record NotExchanged(Failure failure) implements ExchangeOutcome {}
}
