package io.yima.codes;

import io.yima.authorizer.AuthorizerTokens;
import io.yima.authorizer.TokensAtHand;
import io.yima.database.WorkerDatabase;
import io.yima.quota.CountedApis;
import io.yima.quota.CountedCall;
import io.yima.quota.Grant;
import io.yima.wechat.ApplicationStatus;
import io.yima.wechat.AppliedCode;
import io.yima.wechat.Deadline;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatResult;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.stream.Collectors;

/** Turns to WeChat about one application, outside of any transaction. */
@ApplicationScoped
class ApplicationCalls {

  private final WorkerDatabase database;
  private final AuthorizerTokens tokens;
  private final WeChatClient wechat;
  private final Clock clock;
  private final Submission submission;
  private final Inquiry inquiry;
  private final Standstill standstill;

  ApplicationCalls(
      WorkerDatabase database,
      AuthorizerTokens tokens,
      WeChatClient wechat,
      Clock clock,
      SyncSettings settings) {
    this.database = database;
    this.tokens = tokens;
    this.wechat = wechat;
    this.clock = clock;
    this.submission = new Submission(settings.schedule());
    this.inquiry = new Inquiry(settings.schedule());
    this.standstill = new Standstill(settings.schedule());
  }

  /** Does what is next for a claimed application: nothing, send it, or ask how far it is. */
  Turn take(Claimed claimed, Deadline deadline) {
    return take(claimed, TokensAtHand.NONE, deadline);
  }

  /** The same with the tokens that were read for all that was claimed together. */
  Turn take(Claimed claimed, TokensAtHand atHand, Deadline deadline) {
    return standstill
        .turn(claimed, clock.instant())
        .orElseGet(() -> call(claimed, atHand, deadline));
  }

  /** The tokens of the merchants in whose name WeChat is called for what was claimed. */
  TokensAtHand tokensFor(List<Claimed> claimed) {
    return tokens.atHand(
        claimed.stream()
            .filter(one -> one.clearance().grant().verdict() == Grant.Verdict.GRANTED)
            .map(one -> one.row().key().authorizer())
            .collect(Collectors.toSet()));
  }

  /**
   * Sends an order that is counted; {@code first}: no call before this one can have reached WeChat.
   */
  Turn submit(CodeApplication row, boolean first, LocalDate countedOn, Deadline deadline) {
    return submit(row, first, countedOn, TokensAtHand.NONE, deadline);
  }

  private Turn submit(
      CodeApplication row,
      boolean first,
      LocalDate countedOn,
      TokensAtHand atHand,
      Deadline deadline) {
    CountedCall counted =
        new CountedCall(database, row.key().authorizer(), CountedApis.APPLY_CODE, countedOn, clock);
    WeChatResult<AppliedCode> result =
        tokens.call(
            row.key().authorizer(),
            atHand,
            deadline,
            token ->
                counted.make(
                    () ->
                        wechat.applyCode(
                            token,
                            row.order().codeCount(),
                            row.key().isvApplicationId(),
                            deadline)));
    Instant now = clock.instant();
    return submission
        .turn(row, first, counted.left(), result, now)
        .changing(counted.change(result));
  }

  /** What to record instead when the number WeChat gave is another application's already. */
  Turn conflict(Turn submitted) {
    return submission.conflict(submitted, clock.instant());
  }

  private Turn call(Claimed claimed, TokensAtHand atHand, Deadline deadline) {
    CodeApplication row = claimed.row();
    return row.state() == ApplicationState.SUBMITTING
        ? submit(row, claimed.first(), claimed.clearance().countedOn(), atHand, deadline)
        : ask(row, claimed.clearance().countedOn(), atHand, deadline);
  }

  private Turn ask(
      CodeApplication row, LocalDate countedOn, TokensAtHand atHand, Deadline deadline) {
    CountedCall counted =
        new CountedCall(
            database, row.key().authorizer(), CountedApis.QUERY_APPLICATION, countedOn, clock);
    WeChatResult<ApplicationStatus> result =
        tokens.call(
            row.key().authorizer(),
            atHand,
            deadline,
            token ->
                counted.make(
                    () ->
                        wechat.queryApplication(
                            token,
                            row.progress().applicationId(),
                            row.key().isvApplicationId(),
                            deadline)));
    Instant now = clock.instant();
    return inquiry.turn(row, result, now).changing(counted.change(result));
  }
}
