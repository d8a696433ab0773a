package io.yima.gateway;

import io.yima.api.Problems;
import io.yima.secrets.Secret;
import org.jspecify.annotations.Nullable;

/** What an SDK asks a token with: the account's appid, and an API key as its secret. */
record SecretOfAccount(String appid, Secret secret) {

  private static final String GRANT_TYPE = "client_credential";

  /** From a JSON body; throws the problems for which WeChat has 40002, 41002 and 41004. */
  static SecretOfAccount of(CallBody body) {
    return of(
        body.optionalText("grant_type"), body.optionalText("appid"), body.optionalText("secret"));
  }

  /** From a query, likewise. */
  static SecretOfAccount of(
      @Nullable String grantType, @Nullable String appid, @Nullable String secret) {
    if (!GRANT_TYPE.equals(grantType)) {
      throw Problems.of(400, "grant_type_unknown", "invalid grant_type");
    }
    if (appid == null || appid.isEmpty()) {
      throw Problems.of(400, "appid_missing", "appid missing");
    }
    Secret key = Secret.ofNullable(secret);
    if (key == null) {
      throw Problems.of(400, "secret_missing", "appsecret missing");
    }
    return new SecretOfAccount(appid, key);
  }
}
