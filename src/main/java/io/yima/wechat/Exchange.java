package io.yima.wechat;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.yima.wechat.WeChatResult.Failed;
import io.yima.wechat.WeChatResult.Success;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Makes calls: in-flight bound, deadline, time limit, classification, figures. */
final class Exchange {

  private final Wire wire;
  private final InFlight inFlight;
  private final Oddities oddities;
  private final MeterRegistry registry;

  Exchange(Wire wire, InFlight inFlight, Oddities oddities, MeterRegistry registry) {
    this.wire = wire;
    this.inFlight = inFlight;
    this.oddities = oddities;
    this.registry = registry;
  }

  <T> WeChatResult<T> make(Call<T> call, Deadline deadline) {
    Timer.Sample sample = Timer.start(registry);
    WeChatResult<T> result = outcome(call, deadline);
    String code =
        switch (result) {
          case Success<T> _ -> "success";
          case Failed<T>(Failure failure) -> failure.code();
        };
    sample.stop(
        Timer.builder("yima_wechat_calls")
            .description("Calls to WeChat by interface and result")
            .tag("api", call.endpoint().api())
            .tag("result", code)
            .register(registry));
    return result;
  }

  private <T> WeChatResult<T> outcome(Call<T> call, Deadline deadline) {
    if (!inFlight.enter(deadline)) {
      return notSent(call, "too many calls to WeChat are under way");
    }
    Wire.Outcome outcome;
    try {
      outcome = wire.send(call.request(), call.body(), deadline);
    } finally {
      inFlight.leave();
    }
    return switch (outcome) {
      case Wire.Outcome.NotSent(String why) -> notSent(call, why);
      case Wire.Outcome.Lost(String why, boolean timedOut) -> unknown(call, why, timedOut);
      case Wire.Outcome.Answered(int status, String body) ->
          status >= 200 && status < 300 ? read(call, body) : new Failed<>(httpError(call, status));
    };
  }

  /** What an answer with a good HTTP status means. */
  <T> WeChatResult<T> read(Call<T> call, String body) {
    try {
      Answer answer = Answer.parse(body);
      int errcode = answer.errcode();
      return errcode == 0
          ? new Success<>(call.reader().read(answer))
          : new Failed<>(refused(call, errcode, answer.text("errmsg")));
    } catch (Answer.Broken broken) {
      return unknown(call, String.valueOf(broken.getMessage()), false);
    }
  }

  private Failure refused(Call<?> call, int errcode, @Nullable String errmsg) {
    Endpoint endpoint = call.endpoint();
    String words = new SentSecrets(call.secrets()).redact(errmsg == null ? "" : errmsg);
    if (!ErrorCodes.isKnown(errcode)) {
      oddities.unknownErrcode(endpoint, errcode, words);
    }
    return ErrorCodes.classify(endpoint, errcode, WeChatError.answered(endpoint, errcode, words));
  }

  /** HTTP errors come from what stands before WeChat, or from a wrong address. */
  private static Failure httpError(Call<?> call, int status) {
    WeChatError error =
        WeChatError.ofOurs(
            call.endpoint(), String.format(Locale.ROOT, "the answer is HTTP status %d", status));
    if (status >= 500 || status == 408 || status == 425) {
      return new Failure.Unavailable(error, true);
    }
    return status == 429 ? new Failure.RateLimited(error) : new Failure.Misconfigured(error);
  }

  private static <T> WeChatResult<T> notSent(Call<T> call, String why) {
    return new Failed<>(new Failure.Unavailable(WeChatError.ofOurs(call.endpoint(), why), false));
  }

  private static <T> WeChatResult<T> unknown(Call<T> call, String why, boolean perhapsUnderWay) {
    return new Failed<>(
        new Failure.OutcomeUnknown(WeChatError.ofOurs(call.endpoint(), why), perhapsUnderWay));
  }
}
