package io.yima.tenancy;

import java.util.regex.Pattern;

/**
 * Identifies a merchant's account within a provider. The same account may be authorized to two
 * providers and is then two authorizers.
 */
public record AuthorizerId(ProviderId provider, String authorizerAppid) {

  /** The shape of an appid, as a regular expression. */
  public static final String PATTERN = "^[A-Za-z0-9_@.-]{1,64}$";

  private static final Pattern APPID = Pattern.compile(PATTERN);

  /** Throws {@link IllegalArgumentException} when the appid cannot be one. */
  public AuthorizerId {
    if (!isAppid(authorizerAppid)) {
      throw new IllegalArgumentException("not an appid");
    }
  }

  /** Whether a text that came from outside has the shape of an appid. */
  public static boolean isAppid(String text) {
    return APPID.matcher(text).matches();
  }

  /** For log lines: the merchant, and whose. */
  @Override
  public String toString() {
    return authorizerAppid + " of " + provider;
  }

  /** See {@link Bucket}. */
  public short bucket() {
    return Bucket.of(authorizerAppid);
  }
}
