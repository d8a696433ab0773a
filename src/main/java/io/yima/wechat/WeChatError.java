package io.yima.wechat;

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
    String api, @Nullable Integer errcode, String errmsg, @Nullable String rid) {}
