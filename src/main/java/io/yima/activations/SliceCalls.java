package io.yima.activations;

import io.yima.authorizer.AuthorizerTokens;
import io.yima.codes.Standstill;
import io.yima.codes.SyncSettings;
import io.yima.database.WorkerDatabase;
import io.yima.quota.CountedApis;
import io.yima.quota.CountedCall;
import io.yima.wechat.Acknowledged;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.wechat.CodeReference;
import io.yima.wechat.Deadline;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatResult;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;

/** Turns to WeChat about one slice of an activation, outside of any transaction. */
@ApplicationScoped
class SliceCalls {

  private final WorkerDatabase database;
  private final AuthorizerTokens tokens;
  private final WeChatClient wechat;
  private final Clock clock;
  private final SliceDecision decision;
  private final Standstill standstill;

  SliceCalls(
      WorkerDatabase database,
      AuthorizerTokens tokens,
      WeChatClient wechat,
      Clock clock,
      SyncSettings settings) {
    this.database = database;
    this.tokens = tokens;
    this.wechat = wechat;
    this.clock = clock;
    this.decision = new SliceDecision(settings.schedule());
    this.standstill = new Standstill(settings.schedule());
  }

  /** Does what is next for a claimed slice: nothing, send it, or ask whether it was done. */
  SliceTurn take(ClaimedSlice claimed, Deadline deadline) {
    return standstill
        .pause(claimed.clearance(), claimed.slice().sync().lastError(), clock.instant())
        .map(pause -> SliceTurn.paused(claimed, pause))
        .orElseGet(() -> claimed.question() ? ask(claimed, deadline) : send(claimed, deadline));
  }

  private SliceTurn send(ClaimedSlice claimed, Deadline deadline) {
    CountedCall counted = counted(claimed, CountedApis.ACTIVATE_CODES);
    WeChatResult<Acknowledged> result =
        tokens.call(
            claimed.application().authorizer(),
            deadline,
            token ->
                counted.make(
                    () ->
                        wechat.activateCodes(
                            token,
                            claimed.applicationId(),
                            claimed.slice().range(),
                            claimed.binding(),
                            deadline)));
    Instant now = clock.instant();
    return decision.sent(claimed, counted.left(), result, now).changing(counted.change(result));
  }

  private SliceTurn ask(ClaimedSlice claimed, Deadline deadline) {
    CountedCall counted = counted(claimed, CountedApis.QUERY_CODE);
    WeChatResult<Boolean> result = bothBound(claimed, counted, deadline);
    Instant now = clock.instant();
    return decision.asked(claimed, result, now).changing(counted.change(result));
  }

  /** The ends stand for all between them: a call is about the whole range. */
  private WeChatResult<Boolean> bothBound(
      ClaimedSlice claimed, CountedCall counted, Deadline deadline) {
    CodeRange range = claimed.slice().range();
    WeChatResult<Boolean> first = isBound(claimed, range.codeStart(), counted, deadline);
    return switch (first) {
      case WeChatResult.Success<Boolean>(Boolean bound)
          when bound && range.codeEnd() > range.codeStart() ->
          isBound(claimed, range.codeEnd(), counted, deadline);
      case WeChatResult.Success<Boolean> _, WeChatResult.Failed<Boolean> _ -> first;
    };
  }

  private WeChatResult<Boolean> isBound(
      ClaimedSlice claimed, long codeIndex, CountedCall counted, Deadline deadline) {
    CodeReference code = new CodeReference.ByIndex(claimed.applicationId(), codeIndex);
    return tokens
        .call(
            claimed.application().authorizer(),
            deadline,
            token -> counted.make(() -> wechat.queryCode(token, code, deadline)))
        .map(answer -> answer.isBoundTo(claimed.binding(), claimed.replaces()));
  }

  private CountedCall counted(ClaimedSlice claimed, String api) {
    return new CountedCall(
        database, claimed.application().authorizer(), api, claimed.clearance().countedOn(), clock);
  }
}
