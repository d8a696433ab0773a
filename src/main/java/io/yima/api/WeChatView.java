package io.yima.api;

import io.yima.wechat.WeChatError;
import org.jspecify.annotations.Nullable;

/** WeChat's own words in a problem. */
public record WeChatView(@Nullable Integer errcode, String errmsg, @Nullable String rid) {

  public static WeChatView of(WeChatError error) {
    return new WeChatView(error.errcode(), error.errmsg(), error.rid());
  }
}
