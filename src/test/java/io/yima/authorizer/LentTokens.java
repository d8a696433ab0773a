package io.yima.authorizer;

import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.Deadline;
import io.yima.wechat.WeChatResult;
import jakarta.enterprise.inject.Vetoed;
import java.util.function.Function;

/** Always has a token for everybody, which is the appid, for tests that are not about tokens. */
@Vetoed
public class LentTokens extends AuthorizerTokens {

  public LentTokens() {
    super(null, null, null, null);
  }

  @Override
  public <T> WeChatResult<T> call(
      AuthorizerId authorizer,
      TokensAtHand atHand,
      Deadline deadline,
      Function<Secret, WeChatResult<T>> call) {
    return call.apply(Secret.of(authorizer.authorizerAppid()));
  }
}
