package io.yima.codes;

import io.yima.authorizer.AuthorizerTokens;
import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.ApiQuota;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.Urgency;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatError;
import io.yima.wechat.WeChatResult;
import io.yima.wechat.WeChatResult.Failed;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Asks WeChat about several daily quotas of a merchant at once, and does not wait for ever. */
@ApplicationScoped
class QuotaCalls {

  /** Half a second less than the contract's 8 s, for the database before and after. */
  private static final Duration PATIENCE = Duration.ofMillis(7_500);

  private static final String FOLDER = "/intp/marketcode/";

  /** The interface that is called, as failures name it. */
  private static final String API = "openapi/quota/get";

  private final AuthorizerTokens tokens;
  private final WeChatClient wechat;

  QuotaCalls(AuthorizerTokens tokens, WeChatClient wechat) {
    this.tokens = tokens;
    this.wechat = wechat;
  }

  /** An interface's path, as WeChat names it. */
  static String path(String api) {
    return FOLDER + api;
  }

  /** One result for each interface, in their order. */
  Map<String, WeChatResult<ApiQuota>> ask(AuthorizerId authorizer, List<String> apis) {
    Deadline deadline = Deadline.in(PATIENCE, Urgency.INTERACTIVE);
    Map<String, Future<WeChatResult<ApiQuota>>> asking = new LinkedHashMap<>();
    for (String api : apis) {
      asking.put(api, start(authorizer, path(api), deadline));
    }
    Map<String, WeChatResult<ApiQuota>> results = new LinkedHashMap<>();
    asking.forEach((api, result) -> results.put(api, await(result, deadline)));
    return results;
  }

  private Future<WeChatResult<ApiQuota>> start(
      AuthorizerId authorizer, String path, Deadline deadline) {
    FutureTask<WeChatResult<ApiQuota>> call =
        new FutureTask<>(
            () -> tokens.call(authorizer, deadline, token -> wechat.quota(token, path, deadline)));
    Thread.ofVirtual().name("quota-call").start(call);
    return call;
  }

  /** What takes longer is left to end by itself: it may be at the merchant's token. */
  private static WeChatResult<ApiQuota> await(
      Future<WeChatResult<ApiQuota>> result, Deadline deadline) {
    try {
      return result.get(deadline.remaining().toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      return unanswered();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return unanswered();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException("a call about a quota failed", e.getCause());
    }
  }

  private static WeChatResult<ApiQuota> unanswered() {
    return new Failed<>(
        new Failure.OutcomeUnknown(new WeChatError(API, null, "no answer in time", null), true));
  }
}
