package io.yima.quota;

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
import io.yima.work.RequestPatience;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;

/** Asks WeChat about several daily quotas of a merchant at once, and does not wait for ever. */
@ApplicationScoped
public class QuotaCalls {

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
  public static String path(String api) {
    return FOLDER + api;
  }

  /** One result for each interface, in their order. */
  public Map<String, WeChatResult<ApiQuota>> ask(AuthorizerId authorizer, List<String> apis) {
    Deadline deadline = Deadline.in(PATIENCE, Urgency.INTERACTIVE);
    Map<String, FutureTask<WeChatResult<ApiQuota>>> asking = new LinkedHashMap<>();
    for (String api : apis) {
      asking.put(api, start(authorizer, path(api), deadline));
    }
    Map<String, WeChatResult<ApiQuota>> results = new LinkedHashMap<>();
    asking.forEach(
        (api, result) ->
            results.put(
                api,
                RequestPatience.await(result, deadline.remaining())
                    .orElseGet(QuotaCalls::unanswered)));
    return results;
  }

  /** What takes longer is left to end by itself: it may be at the merchant's token. */
  private FutureTask<WeChatResult<ApiQuota>> start(
      AuthorizerId authorizer, String path, Deadline deadline) {
    return RequestPatience.start(
        "quota-call",
        () -> tokens.call(authorizer, deadline, token -> wechat.quota(token, path, deadline)));
  }

  private static WeChatResult<ApiQuota> unanswered() {
    return new Failed<>(
        new Failure.OutcomeUnknown(new WeChatError(API, null, "no answer in time", null), true));
  }
}
