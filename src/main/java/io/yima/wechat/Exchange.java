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
    return switch (inFlight.enter(deadline)) {
      case InFlight.Entry.Refused(String why) -> notSent(call, why);
      case InFlight.Entry.Place place -> inPlace(place, call, deadline);
    };
  }

  private <T> WeChatResult<T> inPlace(InFlight.Entry.Place place, Call<T> call, Deadline deadline) {
    Sign sign = Sign.NEUTRAL;
    try {
      Wire.Outcome outcome = wire.send(call, deadline);
      WeChatResult<T> result = result(call, outcome);
      sign = sign(outcome, result);
      return result;
    } finally {
      inFlight.leave(place, sign);
    }
  }

  private <T> WeChatResult<T> result(Call<T> call, Wire.Outcome outcome) {
    return switch (outcome) {
      case Wire.Outcome.NotSent(String why, boolean _) -> notSent(call, why);
      case Wire.Outcome.Lost(String why, Wire.Outcome.How how) ->
          new Failed<>(
              new Failure.OutcomeUnknown(
                  WeChatError.ofOurs(call.endpoint(), why),
                  how == Wire.Outcome.How.TIMED_OUT,
                  how == Wire.Outcome.How.TOO_LONG));
      case Wire.Outcome.Answered(int status, String body) ->
          status >= 200 && status < 300 ? read(call, body) : new Failed<>(httpError(call, status));
    };
  }

  private static Sign sign(Wire.Outcome outcome, WeChatResult<?> result) {
    return switch (outcome) {
      case Wire.Outcome.NotSent(String _, boolean unreachable) ->
          unreachable ? Sign.STRAINED : Sign.NEUTRAL;
      case Wire.Outcome.Lost(String _, Wire.Outcome.How how) ->
          how == Wire.Outcome.How.TOO_LONG ? Sign.NEUTRAL : Sign.STRAINED;
      case Wire.Outcome.Answered _ ->
          switch (result) {
            case Success<?> _ -> Sign.SERVED;
            case Failed<?>(Failure failure) -> answered(failure);
          };
    };
  }

  private static Sign answered(Failure failure) {
    return switch (failure) {
      case Failure.Unavailable(WeChatError error, boolean _) -> {
        Integer errcode = error.errcode();
        yield errcode == null || ErrorCodes.isBusy(errcode) ? Sign.STRAINED : Sign.SERVED;
      }
      case Failure.RateLimited _, Failure.OutcomeUnknown _ -> Sign.NEUTRAL;
      case Failure.TokenRejected _,
          Failure.AuthorizationLost _,
          Failure.Misconfigured _,
          Failure.QuotaExhausted _,
          Failure.Rejected _ ->
          Sign.SERVED;
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
      return new Failed<>(
          new Failure.OutcomeUnknown(
              WeChatError.ofOurs(call.endpoint(), String.valueOf(broken.getMessage())), false));
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
}
