package io.yima.codes;

import io.quarkiverse.resteasy.problem.HttpProblem;
import io.yima.api.Problems;
import io.yima.api.WeChatView;
import io.yima.wechat.Failure;
import io.yima.wechat.WeChatError;
import io.yima.work.LastError;
import java.time.Duration;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What callers who believe that they speak with WeChat are told of what it has not confirmed, by
 * what the ledger knows.
 */
public final class Unsettled {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  /** What nobody has to mend, and what says nothing about the call itself. */
  private static final Set<String> PASSING =
      Set.of("token_rejected", "unavailable", "outcome_unknown");

  private Unsettled() {}

  /** Whether nothing is known but that the same has to be asked again. */
  public static boolean isOpen(@Nullable LastError error) {
    return error == null || PASSING.contains(error.code());
  }

  /** The 503, after which asking again is right, or what stands in the way. */
  public static HttpProblem problem(String api, @Nullable LastError error) {
    if (error == null || isOpen(error)) {
      return HttpProblem.builder(
              Problems.unavailable(
                  "outcome_unknown",
                  "WeChat has not confirmed it yet; it is kept and goes on: ask the same again.",
                  RETRY_AFTER))
          .with("wechat", error == null ? null : words(error))
          .build();
    }
    return told(api, error);
  }

  /** WeChat's own number, where it gave one. */
  public static HttpProblem told(String api, LastError error) {
    if (error.errcode() == null) {
      return Problems.conflict(
          error.code(), error.remedy() == null ? "It waits for a person." : error.remedy());
    }
    return Problems.refusedByWeChat(
        new Failure.Rejected(
            new WeChatError(api, error.errcode(), words(error).errmsg(), error.rid())));
  }

  private static WeChatView words(LastError error) {
    return new WeChatView(
        error.errcode(), error.errmsg() == null ? "" : error.errmsg(), error.rid());
  }
}
