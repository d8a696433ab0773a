package io.yima.codes;

import io.yima.codes.OrderModel.Ending;
import io.yima.codes.OrderModel.Report;
import io.yima.secrets.Secret;
import io.yima.wechat.ApplicationStatus;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.wechat.AppliedCode;
import io.yima.wechat.Deadline;
import io.yima.wechat.ScriptedWeChat;
import io.yima.wechat.WeChatResult;
import io.yima.wechat.WeChatResult.Success;
import jakarta.enterprise.inject.Vetoed;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * A WeChat that takes orders, makes codes, and has a mood for every turn. Refuses to take what is
 * not stored. Remembers how the last turn ended.
 */
@Vetoed
final class OrderingWeChat extends ScriptedWeChat {

  private static final String APPLY = "applycode";
  private static final String QUERY = "applycodequery";

  /** No two orders of any sequence have one number. */
  private static final AtomicLong NUMBER = new AtomicLong(1L << 40);

  private static final Runnable NOTHING = () -> {};

  /** What is wrong with WeChat during one turn, and what that means. */
  enum Mood {
    SOUND(0, Ending.WELL),
    BUSY(-1, Ending.LATER),
    TOO_FAST(45011, Ending.TOO_FAST),
    TOKEN_REFUSED(40001, Ending.LATER),
    /** Takes the order, and the answer is lost. */
    RESET(0, Ending.LATER),
    TIMED_OUT(0, Ending.LATER),
    NOT_REACHED(0, Ending.NOT_SENT),
    QUOTA(45009, Ending.NEXT_DAY),
    FORBIDDEN(48001, Ending.BLOCKED),
    NOT_AUTHORIZED(61003, Ending.BLOCKED),
    UNKNOWN_NUMBER(87_654, Ending.BLOCKED_LATER),
    REFUSING(44002, Ending.REFUSED);

    private final int errcode;
    private final Ending ending;

    Mood(int errcode, Ending ending) {
      this.errcode = errcode;
      this.ending = ending;
    }

    Ending ending() {
      return ending;
    }
  }

  /** An order that WeChat has. */
  private static final class Taken {
    private final long number;
    private final long codeCount;
    private int asked;

    Taken(long number, long codeCount) {
      this.number = number;
      this.codeCount = codeCount;
    }

    /** Another status with every question, then the codes. */
    Report report() {
      boolean ready = asked >= 3;
      return new Report(number, ready ? "FINISH" : asked < 2 ? "INIT" : "MAKING", ready);
    }
  }

  /** What is to happen in the next turn, and what did. */
  private static final class Turned {
    private Mood mood = Mood.SOUND;
    private Runnable meanwhile = NOTHING;
    private boolean called;
    private Report report;
  }

  private final Map<String, Taken> orders = new HashMap<>();
  private final Map<String, Turned> turns = new HashMap<>();
  private Predicate<String> stored = key -> true;

  /** Has no orders. */
  void forget(Predicate<String> isStored) {
    orders.clear();
    turns.clear();
    stored = isStored;
  }

  /**
   * @param meanwhile happens between WeChat's answer and whatever is made of it
   */
  void next(String key, Mood mood, Runnable meanwhile) {
    Turned turn = new Turned();
    turn.mood = mood;
    turn.meanwhile = meanwhile;
    turns.put(key, turn);
  }

  boolean wasCalled(String key) {
    return turn(key).called;
  }

  Report report(String key) {
    return turn(key).report;
  }

  @Override
  public WeChatResult<AppliedCode> applyCode(
      Secret token, long codeCount, String isvApplicationId, Deadline deadline) {
    String key = token.reveal() + "/" + isvApplicationId;
    if (!stored.test(key)) {
      throw new AssertionError(key + " is sent to WeChat, and stored nowhere");
    }
    return turned(key, APPLY, () -> new AppliedCode(take(key, codeCount).number));
  }

  @Override
  public WeChatResult<ApplicationStatus> queryApplication(
      Secret token, Long applicationId, String isvApplicationId, Deadline deadline) {
    String key = token.reveal() + "/" + isvApplicationId;
    Taken taken = orders.get(key);
    if (taken == null || taken.number != applicationId) {
      throw new AssertionError("WeChat is asked about " + applicationId + ", which is not " + key);
    }
    return turned(
        key,
        QUERY,
        () -> {
          taken.asked++;
          return status(taken.report(), taken.codeCount, isvApplicationId);
        });
  }

  /** The same id is the same order, whatever count comes with it. */
  private Taken take(String key, long codeCount) {
    return orders.computeIfAbsent(key, _ -> new Taken(NUMBER.incrementAndGet(), codeCount));
  }

  private static ApplicationStatus status(Report report, long codeCount, String isvId) {
    List<CodeRange> ranges = report.ready() ? List.of(new CodeRange(0, codeCount - 1)) : List.of();
    return new ApplicationStatus(
        report.status(), report.applicationId(), isvId, ranges, null, null);
  }

  private <T> WeChatResult<T> turned(String key, String api, Supplier<T> answer) {
    Turned turn = turn(key);
    turn.called = true;
    WeChatResult<T> result =
        switch (turn.mood) {
          case SOUND -> {
            T value = answer.get();
            turn.report = orders.get(key).report();
            yield new Success<>(value);
          }
          case RESET, TIMED_OUT -> {
            answer.get();
            yield lost(api, turn.mood == Mood.TIMED_OUT);
          }
          case NOT_REACHED -> notSent(api);
          case BUSY,
              TOO_FAST,
              TOKEN_REFUSED,
              QUOTA,
              FORBIDDEN,
              NOT_AUTHORIZED,
              UNKNOWN_NUMBER,
              REFUSING ->
              says(api, turn.mood.errcode);
        };
    turn.meanwhile.run();
    turns.put(key, turn);
    return result;
  }

  private Turned turn(String key) {
    return turns.get(key);
  }
}
