package io.yima.authorizer;

/** Where a merchant's authorization stands. */
public enum AuthorizerStatus {
  /** Authorized; its token is kept valid. */
  ACTIVE,
  /** The merchant withdrew; its history stays. */
  REVOKED,
  /** Still authorized as far as we know, but no refresh token works: it must authorize again. */
  REAUTHORIZATION_REQUIRED
}
