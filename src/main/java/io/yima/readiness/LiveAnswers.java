package io.yima.readiness;

import io.yima.wechat.ApiQuota;
import io.yima.wechat.Failure;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What WeChat said just now about a merchant.
 *
 * @param account how asking about the account went, with the platform's token
 * @param application how asking about an application went, with the merchant's token
 * @param quotas what is left of the interfaces whose quotas WeChat told
 */
record LiveAnswers(Answer account, Answer application, List<ApiQuota> quotas) {

  /** Whether a question was answered. */
  sealed interface Answer {

    /** As it should be. */
    record Told() implements Answer {}

    /** Not. */
    record Refused(Failure failure) implements Answer {}

    /** It was not asked, or no answer came in time. */
    record None(String why) implements Answer {}

    static Answer of(@Nullable Failure failure) {
      return failure == null ? new Told() : new Refused(failure);
    }
  }

  LiveAnswers {
    quotas = List.copyOf(quotas);
  }
}
