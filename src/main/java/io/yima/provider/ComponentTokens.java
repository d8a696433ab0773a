package io.yima.provider;

import io.yima.secrets.Secret;
import io.yima.tenancy.ProviderId;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.WeChatResult;
import io.yima.wechat.WeChatResult.Failed;
import jakarta.enterprise.context.ApplicationScoped;

/** Keeps every provider's component token valid and lends it to calls. */
@ApplicationScoped
public class ComponentTokens {

  /** A call that is made in the platform's name. */
  @FunctionalInterface
  public interface ComponentCall<T> {
    WeChatResult<T> with(String componentAppid, Secret componentToken);
  }

  private final TokenSearch search;

  ComponentTokens(TokenSearch search) {
    this.search = search;
  }

  /**
   * Makes a call with the component token. One is fetched when none is valid, by one node at a
   * time. When WeChat refuses it, a fresh one is fetched once, unless somebody already did, and the
   * call is repeated once. Without a token the failure says why and {@code sent()} is false.
   */
  public <T> WeChatResult<T> call(
      ProviderId provider, Deadline deadline, ComponentCall<T> componentCall) {
    return switch (search.find(provider, null, deadline)) {
      case TokenLookup.Missing(Failure failure) -> new Failed<>(failure);
      case TokenLookup.Valid valid -> firstCall(provider, deadline, componentCall, valid);
    };
  }

  private <T> WeChatResult<T> firstCall(
      ProviderId provider,
      Deadline deadline,
      ComponentCall<T> componentCall,
      TokenLookup.Valid valid) {
    WeChatResult<T> first = componentCall.with(valid.componentAppid(), valid.token());
    if (!isComponentTokenRejected(first)) {
      return first;
    }
    return switch (search.find(provider, valid.token(), deadline)) {
      case TokenLookup.Missing(Failure failure) -> new Failed<>(failure);
      case TokenLookup.Valid fresh -> componentCall.with(fresh.componentAppid(), fresh.token());
    };
  }

  private static boolean isComponentTokenRejected(WeChatResult<?> result) {
    return result instanceof Failed<?>(Failure.TokenRejected rejected)
        && rejected.which() == Failure.RejectedToken.COMPONENT;
  }
}
