package io.yima.quota;

import io.yima.database.WorkerDatabase;
import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.Failure;
import io.yima.wechat.WeChatResult;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A call that was counted together with its claim. With another token it may be made once more, and
 * is counted once more first: whatever dies, no call goes out that is not counted.
 *
 * <p>A quota is that of the day on which WeChat gets the call. One that was claimed before midnight
 * and is made after is therefore counted on the new day too, before it is made; that the old day's
 * count is one too high harms nobody any more. Nothing asks again whether the new day's quota
 * allows it: it has just begun.
 */
public final class CountedCall {

  private final WorkerDatabase database;
  private final AuthorizerId authorizer;
  private final String api;
  private final Clock clock;
  private LocalDate countedOn;
  private Instant madeAt;
  private boolean begun;
  private boolean left;

  /** A call that a claim, or whoever is about to make it, counted on this day. */
  public CountedCall(
      WorkerDatabase database,
      AuthorizerId authorizer,
      String api,
      LocalDate countedOn,
      Clock clock) {
    this.database = database;
    this.authorizer = authorizer;
    this.api = api;
    this.countedOn = countedOn;
    this.clock = clock;
    this.madeAt = clock.instant();
  }

  /** Counts the first call, where no claim did. */
  void count() {
    LocalDate day = countedOn;
    database.statement(connection -> ApiQuotas.count(connection, authorizer, api, day));
  }

  /** Makes the call, counted once more first where it has to be. */
  public <T> WeChatResult<T> make(Supplier<WeChatResult<T>> call) {
    madeAt = clock.instant();
    LocalDate today = ShanghaiDay.of(madeAt);
    if (begun || !today.equals(countedOn)) {
      countedOn = today;
      count();
    }
    begun = true;
    WeChatResult<T> answer = call.get();
    left = left || mayHaveLeft(answer);
    return answer;
  }

  /** Whether any of its attempts may have left this machine. */
  public boolean left() {
    return left;
  }

  /** What the result means for the quota; null for nothing. */
  public @Nullable QuotaChange change(WeChatResult<?> result) {
    return switch (result) {
      case WeChatResult.Success<?> _ -> null;
      case WeChatResult.Failed<?>(Failure failure) ->
          QuotaChange.of(authorizer, api, countedOn, left, failure, madeAt);
    };
  }

  private static boolean mayHaveLeft(WeChatResult<?> answer) {
    return switch (answer) {
      case WeChatResult.Success<?> _ -> true;
      case WeChatResult.Failed<?>(Failure failure) -> failure.sent();
    };
  }
}
