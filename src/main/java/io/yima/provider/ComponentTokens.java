package io.yima.provider;

import io.yima.secrets.Secret;
import io.yima.tenancy.ProviderId;
import io.yima.wechat.Deadline;
import io.yima.wechat.WeChatResult;
import jakarta.enterprise.context.ApplicationScoped;

/** Keeps every provider's component token valid and lends it to calls. */
@ApplicationScoped
public class ComponentTokens {

  /** A call that is made in the platform's name. */
  @FunctionalInterface
  public interface ComponentCall<T> {
    WeChatResult<T> with(String componentAppid, Secret componentToken);
  }

  /**
   * Makes a call with the component token. One is fetched when none is valid, by one node at a
   * time. When WeChat refuses it, a fresh one is fetched once, unless somebody already did, and the
   * call is repeated once.
   */
  public <T> WeChatResult<T> call(
      ProviderId provider, Deadline deadline, ComponentCall<T> componentCall) {
    throw new IllegalStateException(
        "to be written " + provider + deadline.remaining() + componentCall);
  }
}
