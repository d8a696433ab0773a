package io.yima.provider;

import io.micrometer.core.instrument.MeterRegistry;
import io.yima.secrets.Secret;
import io.yima.secrets.Unsealer;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.IssuedToken;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatResult;
import io.yima.wechat.WeChatResult.Failed;
import io.yima.wechat.WeChatResult.Success;
import io.yima.work.Backoff;
import io.yima.work.LastError;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import org.jboss.logging.Logger;

/** Fetches a component token for a row that was claimed, and records what came of it. */
@ApplicationScoped
class ComponentTokenFetch {

  static final String TICKET_MISSING = "ticket_missing";

  /** WeChat's numbers for a ticket that is void: another one helps, waiting does not. */
  static final Set<Integer> TICKET_REFUSED = Set.of(40091, 61005, 61006);

  private static final Logger LOG = Logger.getLogger(ComponentTokenFetch.class);
  private static final Backoff UNTIL_MENDED =
      new Backoff(Duration.ofSeconds(2), Duration.ofMinutes(10));

  /** All of a provider's merchants wait for this one call, so it follows an outage's end soon. */
  private static final Backoff PASSING = new Backoff(Duration.ofSeconds(2), Duration.ofSeconds(30));

  private static final Backoff QUOTA = new Backoff(Duration.ofHours(1), Duration.ofHours(1));
  private static final String RENEWED = "yima_component_tokens_renewed";

  private final WeChatClient wechat;
  private final TokenRecorder recorder;
  private final TicketWatch ticketWatch;
  private final RefreshTime refreshTime;
  private final Clock clock;
  private final MeterRegistry metrics;

  ComponentTokenFetch(
      WeChatClient wechat,
      TokenRecorder recorder,
      TicketWatch ticketWatch,
      TokensConfig config,
      Clock clock,
      MeterRegistry metrics) {
    this.wechat = wechat;
    this.recorder = recorder;
    this.ticketWatch = ticketWatch;
    this.refreshTime = RefreshTime.of(config);
    this.clock = clock;
    this.metrics = metrics;
  }

  /** Empty when the lease had gone to someone else before the outcome could be recorded. */
  Optional<TokenLookup> fetch(ClaimedComponent claim, RenewalReason reason, Deadline deadline) {
    Secret appsecret = claim.appsecret();
    if (appsecret == null) {
      return recordFailure(claim, appsecretUnreadable(clock.instant()), UNTIL_MENDED);
    }
    Secret ticket = claim.usableTicket(clock.instant());
    if (ticket == null) {
      ticketWatch.askSoon(claim.provider());
      return recordFailure(claim, ticketMissing(), UNTIL_MENDED);
    }
    WeChatResult<IssuedToken> answer =
        wechat.componentToken(claim.componentAppid(), appsecret, ticket, deadline);
    return switch (answer) {
      case Success<IssuedToken>(IssuedToken issued) -> recordToken(claim, issued, reason);
      case Failed<IssuedToken>(Failure failure) -> recordFailure(claim, failure);
    };
  }

  private Optional<TokenLookup> recordToken(
      ClaimedComponent claim, IssuedToken issued, RenewalReason reason) {
    Instant now = clock.instant();
    boolean ours =
        recorder.record(
            new TokenRecord.Fetched(
                claim.provider(),
                claim.generation(),
                issued.token(),
                now,
                now.plus(issued.life()),
                refreshTime.due(now, issued.life(), ThreadLocalRandom.current())));
    if (!ours) {
      LOG.warnf("A component token of %s came too late to be kept", claim.componentAppid());
      return Optional.empty();
    }
    metrics.counter(RENEWED, "reason", reason.label()).increment();
    return Optional.of(new TokenLookup.Valid(claim.componentAppid(), issued.token()));
  }

  private Optional<TokenLookup> recordFailure(ClaimedComponent claim, Failure failure) {
    Integer errcode = failure.error().errcode();
    if (errcode != null && TICKET_REFUSED.contains(errcode)) {
      ticketWatch.askSoon(claim.provider());
    }
    return recordFailure(claim, LastError.of(failure, clock.instant()), backoff(failure));
  }

  private static Backoff backoff(Failure failure) {
    return switch (failure) {
      case Failure.Unavailable _, Failure.OutcomeUnknown _, Failure.RateLimited _ -> PASSING;
      case Failure.QuotaExhausted _ -> QUOTA;
      case Failure.TokenRejected _,
          Failure.AuthorizationLost _,
          Failure.Misconfigured _,
          Failure.Rejected _ ->
          UNTIL_MENDED;
    };
  }

  private Optional<TokenLookup> recordFailure(
      ClaimedComponent claim, LastError error, Backoff backoff) {
    Duration wait = backoff.after(claim.attempts() + 1, ThreadLocalRandom.current());
    boolean ours =
        recorder.record(
            new TokenRecord.NotFetched(
                claim.provider(), claim.generation(), error, clock.instant().plus(wait)));
    LOG.warnf(
        "No component token for %s: %s %s", claim.componentAppid(), error.code(), error.errmsg());
    return ours ? Optional.of(TokenLookup.missing(error)) : Optional.empty();
  }

  static LastError appsecretUnreadable(Instant now) {
    return LastError.of(
        Unsealer.UNSEAL_FAILED,
        "The stored component_appsecret does not open: send it again with PATCH, or restore the"
            + " keyset it was sealed with.",
        now);
  }

  private LastError ticketMissing() {
    return new LastError(
        TICKET_MISSING,
        null,
        "no usable component_verify_ticket; WeChat was asked to push one",
        null,
        "Check on open.weixin.qq.com that the authorization-event URL is this deployment's; WeChat"
            + " pushes a ticket every 10 minutes and was asked to do so again.",
        clock.instant());
  }
}
