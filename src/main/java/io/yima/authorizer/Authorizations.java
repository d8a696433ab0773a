package io.yima.authorizer;

import io.yima.authorizer.AuthorizerRows.Known;
import io.yima.authorizer.ExchangeOutcome.AlreadyExchanged;
import io.yima.authorizer.ExchangeOutcome.Authorized;
import io.yima.authorizer.ExchangeOutcome.NotExchanged;
import io.yima.provider.ComponentTokens;
import io.yima.provider.RefreshTime;
import io.yima.provider.TokensConfig;
import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.wechat.Authorization;
import io.yima.wechat.AuthorizerProfile;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.Failure.Loss;
import io.yima.wechat.IssuedToken;
import io.yima.wechat.WeChatClient;
import io.yima.wechat.WeChatError;
import io.yima.wechat.WeChatResult.Failed;
import io.yima.wechat.WeChatResult.Success;
import io.yima.work.WorkLoops;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jboss.logging.Logger;

/** Takes in what WeChat says about merchants' authorizations. */
@ApplicationScoped
public class Authorizations {

  private static final Logger LOG = Logger.getLogger(Authorizations.class);

  private static final int CODE_EXPIRED = 61010;
  private static final Duration SOON = Duration.ofMinutes(1);

  /** A redirect is dated by our clock, an event by WeChat's: nearer than this, neither is first. */
  private static final long INDISTINCT_SECONDS = 60;

  private final ComponentTokens componentTokens;
  private final WeChatClient weChat;
  private final AuthorizedRows authorized;
  private final AuthorizerRows rows;
  private final Profiles profiles;
  private final ReconciliationRows reconciliations;
  private final AuthorizerChanges changes;
  private final WorkLoops loops;
  private final RefreshTime refreshTime;
  private final Clock clock;
  private final RandomGenerator random = RandomGenerator.getDefault();

  Authorizations(
      ComponentTokens componentTokens,
      WeChatClient weChat,
      AuthorizedRows authorized,
      AuthorizerRows rows,
      Profiles profiles,
      ReconciliationRows reconciliations,
      AuthorizerChanges changes,
      WorkLoops loops,
      TokensConfig config,
      Clock clock) {
    this.componentTokens = componentTokens;
    this.weChat = weChat;
    this.authorized = authorized;
    this.rows = rows;
    this.profiles = profiles;
    this.reconciliations = reconciliations;
    this.changes = changes;
    this.loops = loops;
    this.refreshTime = RefreshTime.of(config);
    this.clock = clock;
  }

  /**
   * Exchanges an authorization code, of an {@code authorized} or {@code updateauthorized} event or
   * of the browser's redirect, and stores both tokens and the permission sets in one transaction.
   *
   * @param eventCreateTime CreateTime of the event, in seconds; the present one for a redirect
   */
  public ExchangeOutcome exchange(
      ProviderId provider, Secret authorizationCode, long eventCreateTime, Deadline deadline) {
    return switch (componentTokens.call(
        provider,
        deadline,
        (componentAppid, token) ->
            weChat.queryAuth(componentAppid, token, authorizationCode, deadline))) {
      case Success<Authorization>(Authorization authorization) ->
          AuthorizerId.isAppid(authorization.authorizerAppid())
              ? store(provider, authorization, eventCreateTime, deadline)
              : nobodys(provider);
      case Failed<Authorization>(Failure failure) -> notExchanged(provider, failure);
    };
  }

  private ExchangeOutcome store(
      ProviderId provider, Authorization authorization, long eventCreateTime, Deadline deadline) {
    AuthorizerId id = new AuthorizerId(provider, authorization.authorizerAppid());
    Instant now = clock.instant();
    Instant due = due(authorization, now);
    authorized.store(id, authorization, eventCreateTime, now, due);
    if (!due.isAfter(now)) {
      loops.wake(TokenKeeper.KIND);
    }
    if (!profiles.refresh(id, deadline)) {
      LOG.infof("The profile of %s follows with the next reconciliation", id);
      reconciliations.dueBy(provider, now.plus(SOON));
    }
    changes.announce(id);
    return new Authorized(id);
  }

  /** The code is spent, and whose it was cannot be read: the list has the merchant. */
  private ExchangeOutcome nobodys(ProviderId provider) {
    reconciliations.dueBy(provider, clock.instant().plus(SOON));
    WeChatError error =
        new WeChatError("api_query_auth", null, "the answer names no possible appid", null);
    return new NotExchanged(new Failure.OutcomeUnknown(error, false));
  }

  /** Without both tokens the token keeper looks for what is missing at once. */
  private Instant due(Authorization authorization, Instant now) {
    IssuedToken access = authorization.accessToken();
    return access == null || authorization.refreshToken() == null
        ? now
        : refreshTime.due(now, access.life(), random);
  }

  /**
   * A code that is spent was exchanged by the event or the redirect, whichever came first, or by a
   * node that died before it could store the answer: then WeChat's list has the merchant.
   */
  private ExchangeOutcome notExchanged(ProviderId provider, Failure failure) {
    if (TokenRefresher.lost(failure, Loss.AUTHORIZATION_CODE_SPENT)) {
      reconciliations.dueBy(provider, clock.instant().plus(SOON));
      Integer errcode = failure.error().errcode();
      if (errcode == null || errcode != CODE_EXPIRED) {
        return new AlreadyExchanged();
      }
    }
    return new NotExchanged(failure);
  }

  /**
   * The code of an event was exchanged already. If it was us and the answer got lost, what the
   * merchant granted is not known here yet: WeChat is asked, now or with the next comparison.
   */
  public void follow(AuthorizerId authorizer, Deadline deadline) {
    if (profiles.refresh(authorizer, deadline)) {
      changes.announce(authorizer);
    } else {
      reconciliations.dueBy(authorizer.provider(), clock.instant().plus(SOON));
    }
  }

  /**
   * An {@code unauthorized} event. Without effect when a newer authorization is known; where the
   * order cannot be told, WeChat is asked.
   */
  public void withdrawn(AuthorizerId authorizer, long eventCreateTime, Deadline deadline) {
    Optional<Known> known = rows.known(authorizer);
    if (known.isEmpty() || known.get().status() == AuthorizerStatus.REVOKED) {
      return;
    }
    if (holds(authorizer, known.get(), eventCreateTime, deadline)) {
      return;
    }
    if (rows.withdraw(authorizer, known.get(), eventCreateTime, clock.instant())) {
      LOG.infof("%s withdrew its authorization", authorizer);
      changes.announce(authorizer);
    } else {
      // It changed under our eyes; the list tells how it stands now.
      reconciliations.dueBy(authorizer.provider(), clock.instant());
    }
  }

  /** Whether the merchant is authorized in spite of the event. */
  private boolean holds(
      AuthorizerId authorizer, Known known, long eventCreateTime, Deadline deadline) {
    Long last = known.lastEventCreateTime();
    if (last != null && Math.abs(eventCreateTime - last) > INDISTINCT_SECONDS) {
      return eventCreateTime < last;
    }
    return switch (profiles.ask(authorizer, deadline)) {
      case Success<AuthorizerProfile> _ -> true;
      case Failed<AuthorizerProfile>(Failure failure) -> {
        if (TokenRefresher.lost(failure, Loss.NOT_AUTHORIZED)) {
          yield false;
        }
        // Nobody knows now: reconciliation asks again.
        reconciliations.dueBy(authorizer.provider(), clock.instant().plus(SOON));
        yield true;
      }
    };
  }
}
