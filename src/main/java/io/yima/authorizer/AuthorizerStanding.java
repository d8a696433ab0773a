package io.yima.authorizer;

/** What decides whether codes can be ordered for a merchant. */
public record AuthorizerStanding(
    AuthorizerStatus status, boolean marketingCodeSet, boolean serviceAccount) {

  /** The permission set 微信一物一码 [PERM]. */
  public static final int MARKETING_CODE_SET = 46;

  /** Whether all of it holds. */
  public boolean marketingCodes() {
    return status == AuthorizerStatus.ACTIVE && marketingCodeSet && serviceAccount;
  }
}
