package io.yima.callback;

import io.yima.authorizer.Authorizations;
import io.yima.authorizer.ExchangeOutcome;
import io.yima.callback.Handling.Done;
import io.yima.callback.Handling.Postponed;
import io.yima.provider.Components;
import io.yima.secrets.Secret;
import io.yima.secrets.Unsealer;
import io.yima.tenancy.AuthorizerId;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.PushedXml;
import io.yima.work.LastError;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** Does what a push asks for. Every step may be done twice without harm. */
@ApplicationScoped
class PushHandler {

  /** No authorization code lives longer; the redirect's example says 10 minutes [AUTHDESC]. */
  private static final Duration CODE_LIFE = Duration.ofHours(1);

  /** No push is of use for longer than a ticket is [TICKET]. */
  private static final Duration TICKET_LIFE = Duration.ofHours(12);

  private final Components components;
  private final Authorizations authorizations;
  private final ProbeAnswer probes;
  private final Clock clock;

  PushHandler(
      Components components, Authorizations authorizations, ProbeAnswer probes, Clock clock) {
    this.components = components;
    this.authorizations = authorizations;
    this.probes = probes;
    this.clock = clock;
  }

  Handling handle(ClaimedPush push, Deadline deadline) {
    if (push.archived()) {
      return new Done("archived");
    }
    if (push.xml() == null) {
      return unreadable(push);
    }
    return switch (push.kind()) {
      case PushKind.TICKET -> keepTicket(push);
      case PushKind.AUTHORIZED, PushKind.UPDATED -> exchange(push, deadline);
      case PushKind.WITHDRAWN -> withdraw(push, deadline);
      case PushKind.PROBE -> probes.to(push, deadline);
      case PushKind.MESSAGE -> new Done("nothing_to_do");
      default -> new Done("ignored");
    };
  }

  /** Kept as long as it may be of use to somebody who restores the keyset. */
  private Handling unreadable(ClaimedPush push) {
    Instant now = clock.instant();
    return now.isAfter(push.receivedAt().plus(TICKET_LIFE))
        ? new Done("unreadable")
        : new Postponed(
            LastError.of(
                Unsealer.UNSEAL_FAILED,
                "The stored push does not open: restore the keyset it was sealed with. WeChat's"
                    + " next ticket and its list of merchants make up for it.",
                now));
  }

  private Handling keepTicket(ClaimedPush push) {
    Optional<Secret> ticket = field(push, "ComponentVerifyTicket");
    ticket.ifPresent(it -> components.ticketReceived(push.provider(), it, push.createTime()));
    return new Done(ticket.isPresent() ? "kept" : "incomplete");
  }

  private Handling exchange(ClaimedPush push, Deadline deadline) {
    Optional<Secret> code = field(push, "AuthorizationCode");
    if (code.isEmpty()) {
      return new Done("incomplete");
    }
    return switch (authorizations.exchange(
        push.provider(), code.get(), push.createTime(), deadline)) {
      case ExchangeOutcome.Authorized authorized -> new Done("authorized");
      case ExchangeOutcome.AlreadyExchanged _ -> {
        if (push.appid() != null) {
          authorizations.follow(new AuthorizerId(push.provider(), push.appid()), deadline);
        }
        yield new Done("already_exchanged");
      }
      case ExchangeOutcome.NotExchanged(Failure failure) -> notExchanged(push, failure);
    };
  }

  /** What is lost here, reconciliation finds in WeChat's list. */
  private Handling notExchanged(ClaimedPush push, Failure failure) {
    Instant now = clock.instant();
    boolean spent =
        failure instanceof Failure.AuthorizationLost lost
            && lost.loss() == Failure.Loss.AUTHORIZATION_CODE_SPENT;
    return spent || now.isAfter(push.receivedAt().plus(CODE_LIFE))
        ? new Done("expired")
        : new Postponed(LastError.of(failure, now));
  }

  private Handling withdraw(ClaimedPush push, Deadline deadline) {
    if (push.appid() == null) {
      return new Done("incomplete");
    }
    authorizations.withdrawn(
        new AuthorizerId(push.provider(), push.appid()), push.createTime(), deadline);
    return new Done("withdrawn");
  }

  private static Optional<Secret> field(ClaimedPush push, String name) {
    return Optional.ofNullable(push.xml())
        .flatMap(xml -> PushedXml.parse(xml.reveal()))
        .flatMap(xml -> Optional.ofNullable(Secret.ofNullable(xml.field(name))));
  }
}
