package io.yima.provider;

import io.yima.api.PublicAddress;
import org.eclipse.microprofile.openapi.annotations.media.Schema;

/** The addresses that go into WeChat's console. */
@Schema(description = "The addresses that go into WeChat's console.")
record CallbackUrls(
    @Schema(
            description = "Takes tickets and changes of authorization (授权事件接收URL).",
            examples = "https://yima.example.com/wechat/wxa1b2c3d4e5f60718/events")
        String events,
    @Schema(
            description =
                "Takes merchants' messages and events (消息与事件接收URL); `$APPID$` is WeChat's placeholder.",
            examples = "https://yima.example.com/wechat/wxa1b2c3d4e5f60718/messages/$APPID$")
        String messages,
    @Schema(
            description = "Where the merchant's browser comes back to; its host is the 授权发起页域名.",
            examples = "https://yima.example.com/wechat/wxa1b2c3d4e5f60718/authorized")
        String authorized) {

  static CallbackUrls of(PublicAddress address, String componentAppid) {
    return new CallbackUrls(
        address.events(componentAppid),
        address.messages(componentAppid),
        address.authorized(componentAppid));
  }
}
