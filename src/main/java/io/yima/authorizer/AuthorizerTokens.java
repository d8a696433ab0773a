package io.yima.authorizer;

import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.Deadline;
import io.yima.wechat.WeChatResult;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.Function;

/** Lends merchants' access tokens to calls. */
@ApplicationScoped
public class AuthorizerTokens {

  /**
   * Makes a call in a merchant's name with its valid access token. When none is valid, or WeChat
   * refuses it (40001, 40014, 42001), one is refreshed first, once, unless a newer one is already
   * there, and the call is repeated once. Without a token the failure says why and {@code sent()}
   * is false.
   */
  public <T> WeChatResult<T> call(
      AuthorizerId authorizer, Deadline deadline, Function<Secret, WeChatResult<T>> call) {
    throw new IllegalStateException("to be written " + authorizer + deadline.remaining() + call);
  }
}
