package io.yima.wechat;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What WeChat said when a call failed, or what we say when it could not. Holds no secret.
 *
 * @param api last part of the interface's path, such as {@code applycode}
 * @param errcode WeChat's number; absent when the failure lies below WeChat's answers
 * @param errmsg at most 500 characters, secrets of the call replaced
 * @param rid WeChat's id of the request, by which it can be looked up for 7 days
 */
public record WeChatError(
    String api, @Nullable Integer errcode, String errmsg, @Nullable String rid) {

  private static final Pattern RID = Pattern.compile("rid:\\s*([0-9A-Za-z-]{1,64})");

  /** The address that WeChat saw a call come from, where its words name one [F-61004A]. */
  public static Optional<String> addressSeen(@Nullable String errmsg) {
    return errmsg == null ? Optional.empty() : ErrorCodes.addressSeenIn(errmsg);
  }

  /** What WeChat answered, its words already free of secrets. */
  static WeChatError answered(Endpoint endpoint, int errcode, String errmsg) {
    Matcher matcher = RID.matcher(errmsg);
    return new WeChatError(
        endpoint.api(), errcode, errmsg, matcher.find() ? matcher.group(1) : null);
  }

  /** What we say when WeChat said nothing, or nothing that can be understood. */
  static WeChatError ofOurs(Endpoint endpoint, String errmsg) {
    return new WeChatError(endpoint.api(), null, errmsg, null);
  }
}
