package io.yima.provider;

import io.yima.secrets.Secret;
import io.yima.tenancy.ProviderId;
import io.yima.wechat.Deadline;
import io.yima.wechat.WeChatResult;
import jakarta.enterprise.inject.Vetoed;

/** A platform that always has a valid token, for tests that are about its merchants alone. */
@Vetoed
public class LentToken extends ComponentTokens {

  private static final Secret TOKEN = Secret.of("component-token");

  public LentToken() {
    super(null);
  }

  @Override
  public <T> WeChatResult<T> call(
      ProviderId provider, Deadline deadline, ComponentCall<T> componentCall) {
    return componentCall.with("wxplatform", TOKEN);
  }
}
