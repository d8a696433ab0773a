package io.yima.readiness;

import com.fasterxml.jackson.annotation.JsonProperty;

/** What has to be right before a merchant can be served; the words of the checklist. */
enum ReadinessItem {
  /** The platform's own ticket and token, and the address that its calls come from. */
  @JsonProperty("platform")
  PLATFORM,
  @JsonProperty("authorization")
  AUTHORIZATION,
  @JsonProperty("service_account")
  SERVICE_ACCOUNT,
  @JsonProperty("account_status")
  ACCOUNT_STATUS,
  @JsonProperty("permission_set")
  PERMISSION_SET,
  /** The account itself has 微信一物一码 opened by WeChat. */
  @JsonProperty("feature")
  FEATURE,
  @JsonProperty("token")
  TOKEN,
  @JsonProperty("quota")
  QUOTA,
  /** The key that opens downloaded codes; ordering does without. */
  @JsonProperty("code_key")
  CODE_KEY;

  /** Whether nothing can be ordered without it. */
  boolean neededToOrder() {
    return this != CODE_KEY;
  }

  /** Whether a new authorization can mend it. */
  boolean mendedByAuthorization() {
    return this == AUTHORIZATION || this == PERMISSION_SET;
  }
}
