package io.yima.codes;

import io.yima.authorizer.AuthorizerTokens;
import io.yima.wechat.ApplicationStatus;
import io.yima.wechat.AppliedCode;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatResult;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.concurrent.atomic.AtomicBoolean;

/** Turns to WeChat about one application, outside of any transaction. */
@ApplicationScoped
class ApplicationCalls {

  private final AuthorizerTokens tokens;
  private final WeChatClient wechat;
  private final Clock clock;
  private final Submission submission;
  private final Inquiry inquiry;
  private final Standstill standstill;

  ApplicationCalls(
      AuthorizerTokens tokens, WeChatClient wechat, Clock clock, SyncSettings settings) {
    this.tokens = tokens;
    this.wechat = wechat;
    this.clock = clock;
    this.submission = new Submission(settings.schedule());
    this.inquiry = new Inquiry(settings.schedule());
    this.standstill = new Standstill(settings.schedule());
  }

  /** Does what is next for a claimed application: nothing, send it, or ask how far it is. */
  Turn take(Claimed claimed, Deadline deadline) {
    return standstill.turn(claimed, clock.instant()).orElseGet(() -> call(claimed, deadline));
  }

  /** Sends an order; {@code first}: no call before this one can have reached WeChat. */
  Turn submit(CodeApplication row, boolean first, Deadline deadline) {
    AtomicBoolean left = new AtomicBoolean();
    WeChatResult<AppliedCode> result =
        tokens.call(
            row.key().authorizer(),
            deadline,
            token -> {
              WeChatResult<AppliedCode> answer =
                  wechat.applyCode(
                      token, row.order().codeCount(), row.key().isvApplicationId(), deadline);
              if (mayHaveLeft(answer)) {
                left.set(true);
              }
              return answer;
            });
    return submission.turn(row, first, left.get(), result, clock.instant());
  }

  /** What to record instead when the number WeChat gave is another application's already. */
  Turn conflict(Turn submitted) {
    return submission.conflict(submitted, clock.instant());
  }

  private Turn call(Claimed claimed, Deadline deadline) {
    CodeApplication row = claimed.row();
    return row.state() == ApplicationState.SUBMITTING
        ? submit(row, claimed.first(), deadline)
        : ask(row, deadline);
  }

  private Turn ask(CodeApplication row, Deadline deadline) {
    WeChatResult<ApplicationStatus> result =
        tokens.call(
            row.key().authorizer(),
            deadline,
            token ->
                wechat.queryApplication(
                    token, row.progress().applicationId(), row.key().isvApplicationId(), deadline));
    return inquiry.turn(row, result, clock.instant());
  }

  private static boolean mayHaveLeft(WeChatResult<AppliedCode> answer) {
    return switch (answer) {
      case WeChatResult.Success<AppliedCode> _ -> true;
      case WeChatResult.Failed<AppliedCode>(Failure failure) -> failure.sent();
    };
  }
}
