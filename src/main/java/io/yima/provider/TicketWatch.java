package io.yima.provider;

import io.micrometer.core.instrument.MeterRegistry;
import io.yima.secrets.Secret;
import io.yima.tenancy.ProviderId;
import io.yima.wechat.Acknowledged;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.Urgency;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatResult;
import io.yima.wechat.WeChatResult.Failed;
import io.yima.wechat.WeChatResult.Success;
import io.yima.work.DueWork;
import io.yima.work.LastError;
import io.yima.work.WorkLoops;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Asks WeChat to push verify tickets again when one is missed [STARTPUSH]. A claim moves the row's
 * next check on, so that it needs no lease: whatever becomes of the call, the next is 10 minutes
 * later.
 */
@ApplicationScoped
class TicketWatch implements DueWork {

  private static final Logger LOG = Logger.getLogger(TicketWatch.class);
  private static final String KIND = "ticket-watch";
  private static final int CONCURRENCY = 8;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final TicketRows rows;
  private final WeChatClient wechat;
  private final WorkLoops loops;
  private final Duration pollEvery;
  private final MeterRegistry metrics;
  private final Clock clock;

  TicketWatch(
      TicketRows rows,
      WeChatClient wechat,
      WorkLoops loops,
      TokensConfig config,
      MeterRegistry metrics,
      Clock clock) {
    this.metrics = metrics;
    this.rows = rows;
    this.wechat = wechat;
    this.loops = loops;
    this.pollEvery = config.pollEvery();
    this.clock = clock;
  }

  /** A ticket is needed now: does not wait until it is old, but for the last request to be. */
  void askSoon(ProviderId provider) {
    if (rows.checkSoon(provider, clock.instant())) {
      loops.wake(KIND);
    }
  }

  @Override
  public String kind() {
    return KIND;
  }

  @Override
  public String dueCondition() {
    return "exists (select 1 from component where next_ticket_check_at <= ?)";
  }

  @Override
  public Duration pollEvery() {
    return pollEvery;
  }

  @Override
  public int concurrency() {
    return Math.min(CONCURRENCY, wechat.capacity(Urgency.EXPIRED));
  }

  @Override
  public List<Runnable> claim(int limit) {
    Instant now = clock.instant();
    return rows.claimMissed(limit, now).stream().<Runnable>map(m -> () -> ask(m, now)).toList();
  }

  @Override
  public void giveBack() {
    // Nothing is leased.
  }

  private void ask(TicketRows.Missed missed, Instant askedAt) {
    tell(missed, askedAt);
    Secret appsecret = missed.appsecret();
    if (appsecret == null) {
      rows.recordAnswer(
          missed.provider(), askedAt, ComponentTokenFetch.appsecretUnreadable(clock.instant()));
      return;
    }
    WeChatResult<Acknowledged> answer =
        wechat.startPushTicket(
            missed.componentAppid(), appsecret, Deadline.in(PATIENCE, Urgency.EXPIRED));
    switch (answer) {
      case Success<Acknowledged>(Acknowledged acknowledged) -> {
        LOG.infof(
            "WeChat was asked to push tickets for %s: %s",
            missed.componentAppid(), acknowledged.errmsg());
        count("accepted");
        rows.recordAnswer(missed.provider(), askedAt, null);
      }
      case Failed<Acknowledged>(Failure failure) -> {
        LOG.warnf(
            "WeChat does not push tickets for %s: %s %s",
            missed.componentAppid(), failure.error().errcode(), failure.error().errmsg());
        count(failure.code());
        rows.recordAnswer(missed.provider(), askedAt, LastError.of(failure, clock.instant()));
      }
    }
  }

  /** Tokens go on being fetched with the last ticket, which is no reason to keep quiet. */
  private static void tell(TicketRows.Missed missed, Instant now) {
    Instant received = missed.lastReceivedAt();
    if (received == null) {
      LOG.warnf(
          "No verify ticket has come for %s yet, and no token can be fetched before one does."
              + " Check the address for authorization events in the platform's console.",
          missed.componentAppid());
    } else if (TicketTimes.isUsable(received, now)) {
      LOG.warnf(
          "No verify ticket of %s since %s; the last one serves until %s, then no token can be"
              + " fetched. Check the address for authorization events in the platform's console.",
          missed.componentAppid(), received, received.plus(TicketTimes.USABLE));
    } else {
      LOG.errorf(
          "No usable verify ticket of %s, last one %s: no token can be fetched for it. Check the"
              + " address for authorization events in the platform's console.",
          missed.componentAppid(), received);
    }
  }

  private void count(String outcome) {
    metrics.counter("yima_ticket_pushes_requested", "outcome", outcome).increment();
  }
}
