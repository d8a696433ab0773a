package io.yima.authorizer;

import io.yima.provider.ComponentTokens;
import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.AuthorizerPage;
import io.yima.wechat.AuthorizerProfile;
import io.yima.wechat.Deadline;
import io.yima.wechat.RefreshedToken;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatResult;
import org.jspecify.annotations.Nullable;

/** What WeChat is asked about one merchant's authorization, in the time of one claim. */
final class MerchantCalls {

  private final ComponentTokens componentTokens;
  private final WeChatClient weChat;
  private final AuthorizerId id;
  private final Deadline deadline;
  private @Nullable WeChatResult<AuthorizerProfile> info;

  MerchantCalls(
      ComponentTokens componentTokens, WeChatClient weChat, AuthorizerId id, Deadline deadline) {
    this.componentTokens = componentTokens;
    this.weChat = weChat;
    this.id = id;
    this.deadline = deadline;
  }

  WeChatResult<RefreshedToken> refresh(Secret refreshToken) {
    return componentTokens.call(
        id.provider(),
        deadline,
        (componentAppid, token) ->
            weChat.refreshAuthorizerToken(
                componentAppid, token, id.authorizerAppid(), refreshToken, deadline));
  }

  /** Asked once; whoever asks again is told the same. */
  WeChatResult<AuthorizerProfile> info() {
    if (info == null) {
      info =
          componentTokens.call(
              id.provider(),
              deadline,
              (componentAppid, token) ->
                  weChat.authorizerInfo(componentAppid, token, id.authorizerAppid(), deadline));
    }
    return info;
  }

  /** A page of all merchants of the provider. */
  WeChatResult<AuthorizerPage> list(int offset) {
    return componentTokens.call(
        id.provider(),
        deadline,
        (componentAppid, token) ->
            weChat.authorizerList(componentAppid, token, offset, TokenRefresher.PAGE, deadline));
  }
}
