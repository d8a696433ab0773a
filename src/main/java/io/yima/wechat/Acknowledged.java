package io.yima.wechat;

/**
 * WeChat did what was asked and has nothing more to say than its message.
 *
 * @param errmsg for the start of the ticket push it tells "is on again" from "was on" [STARTPUSH]
 */
public record Acknowledged(String errmsg) {}
