package io.yima.callback;

import io.yima.authorizer.Authorizations;
import io.yima.authorizer.AuthorizerTokens;
import io.yima.authorizer.ExchangeOutcome;
import io.yima.callback.Handling.Done;
import io.yima.callback.Handling.Postponed;
import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.Acknowledged;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatResult;
import io.yima.work.Backoff;
import io.yima.work.LastError;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Answers an API probe after its push was: exchanges the code, then writes to who asked. Done
 * twice, the second message is of no interest to anybody.
 */
@ApplicationScoped
class ProbeAnswer {

  /** The check is over long before. */
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  /**
   * The event that carries the same code may be exchanging it this moment, on any node, and WeChat
   * does not wait long for the message.
   */
  private static final Backoff SOON = new Backoff(Duration.ofMillis(200), Duration.ofSeconds(10));

  private final Authorizations authorizations;
  private final AuthorizerTokens tokens;
  private final WeChatClient wechat;
  private final ReleaseChecks checks;
  private final Clock clock;

  ProbeAnswer(
      Authorizations authorizations,
      AuthorizerTokens tokens,
      WeChatClient wechat,
      ReleaseChecks checks,
      Clock clock) {
    this.authorizations = authorizations;
    this.tokens = tokens;
    this.wechat = wechat;
    this.checks = checks;
    this.clock = clock;
  }

  Handling to(ClaimedPush push, Deadline deadline) {
    Secret xml = push.xml();
    String appid = push.appid();
    Optional<Probe> probe = xml == null ? Optional.empty() : Probe.of(appid, xml.reveal());
    return probe.isEmpty() || appid == null
        ? new Done("nothing_to_do")
        : answer(push, new AuthorizerId(push.provider(), appid), probe.get(), deadline);
  }

  private Handling answer(ClaimedPush push, AuthorizerId account, Probe probe, Deadline deadline) {
    Secret code = Secret.of(probe.content());
    return switch (authorizations.exchange(push.provider(), code, push.createTime(), deadline)) {
      // The event of the account's authorization carries the same code, and may have been faster.
      case ExchangeOutcome.Authorized _, ExchangeOutcome.AlreadyExchanged _ ->
          write(push, account, probe, deadline);
      case ExchangeOutcome.NotExchanged(Failure failure) -> failed(push, account, failure);
    };
  }

  private Handling write(ClaimedPush push, AuthorizerId account, Probe probe, Deadline deadline) {
    WeChatResult<Acknowledged> result =
        tokens.call(
            account,
            deadline,
            token ->
                wechat.sendText(token, probe.openid(), probe.content() + "_from_api", deadline));
    return switch (result) {
      case WeChatResult.Success<Acknowledged> _ -> {
        checks.answered(account, Probe.Kind.API, push.receivedAt(), clock.instant());
        yield new Done("answered");
      }
      case WeChatResult.Failed<Acknowledged>(Failure failure) -> failed(push, account, failure);
    };
  }

  private Handling failed(ClaimedPush push, AuthorizerId account, Failure failure) {
    Instant now = clock.instant();
    LastError error = LastError.of(failure, now);
    checks.failed(account, Probe.Kind.API, push.receivedAt(), error);
    return now.isAfter(push.receivedAt().plus(PATIENCE))
        ? new Done("expired")
        : new Postponed(error, SOON);
  }
}
