package io.yima.callback;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** The provider's own address that a merchant returns to, told who came. */
final class ReturnAddress {

  private ReturnAddress() {}

  /** Adds {@code authorizer_appid} to the query, before a fragment. */
  static String of(String url, String authorizerAppid) {
    int hash = url.indexOf('#');
    String address = hash < 0 ? url : url.substring(0, hash);
    String fragment = hash < 0 ? "" : url.substring(hash);
    return address
        + (address.contains("?") ? "&" : "?")
        + "authorizer_appid="
        + URLEncoder.encode(authorizerAppid, StandardCharsets.UTF_8)
        + fragment;
  }
}
