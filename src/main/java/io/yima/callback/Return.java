package io.yima.callback;

import io.yima.authorizer.AuthorizationLink;
import io.yima.authorizer.AuthorizationLinks;
import io.yima.authorizer.Authorizations;
import io.yima.authorizer.ExchangeOutcome;
import io.yima.provider.Components;
import io.yima.secrets.Secret;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.wechat.Deadline;
import io.yima.wechat.Failure;
import io.yima.wechat.Urgency;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A merchant's return from WeChat's page with an authorization code. */
@ApplicationScoped
class Return {

  private static final Logger LOG = Logger.getLogger(Return.class);
  private static final Duration PATIENCE = Duration.ofSeconds(8);

  private final Authorizations authorizations;
  private final AuthorizationLinks links;
  private final Components components;
  private final Inbox inbox;
  private final Clock clock;

  Return(
      Authorizations authorizations,
      AuthorizationLinks links,
      Components components,
      Inbox inbox,
      Clock clock) {
    this.authorizations = authorizations;
    this.links = links;
    this.components = components;
    this.inbox = inbox;
    this.clock = clock;
  }

  /** What the browser is answered. */
  sealed interface Returned {

    record To(String address) implements Returned {}

    record Stays(Notice notice) implements Returned {}
  }

  Returned with(ProviderId provider, AuthorizationLink link, Secret code) {
    return exchange(provider, code)
        .map(outcome -> settle(provider, link, code, outcome))
        .orElseGet(() -> new Returned.Stays(Notice.IN_PROGRESS));
  }

  /**
   * Empty when the merchant has waited long enough. The exchange goes on meanwhile: a code works
   * once, so a call with it must not be cut off.
   */
  private Optional<ExchangeOutcome> exchange(ProviderId provider, Secret code) {
    long now = clock.instant().getEpochSecond();
    CompletableFuture<ExchangeOutcome> exchange =
        CompletableFuture.supplyAsync(
            () ->
                authorizations.exchange(
                    provider, code, now, Deadline.in(PATIENCE, Urgency.INTERACTIVE)),
            task -> Thread.ofVirtual().name("exchange").start(task));
    try {
      return Optional.of(exchange.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } catch (ExecutionException e) {
      LOG.error("A redirect's authorization code could not be exchanged; the event may do", e);
      return Optional.empty();
    }
  }

  private Returned settle(
      ProviderId provider, AuthorizationLink link, Secret code, ExchangeOutcome outcome) {
    return switch (outcome) {
      case ExchangeOutcome.Authorized(AuthorizerId authorizer) ->
          welcome(provider, link, authorizer.authorizerAppid());
      // The pushed event was faster and its row tells whose code it was; or it is no code at all.
      case ExchangeOutcome.AlreadyExchanged already ->
          inbox
              .ownerOfCode(provider, code)
              .map(appid -> welcome(provider, link, appid))
              .orElseGet(() -> new Returned.Stays(Notice.ALREADY_USED));
      case ExchangeOutcome.NotExchanged(Failure failure) -> new Returned.Stays(notice(failure));
    };
  }

  private Returned welcome(ProviderId provider, AuthorizationLink link, String appid) {
    links.markUsed(provider, link.id());
    @Nullable String own = link.returnUrl();
    return Optional.ofNullable(own)
        .or(() -> components.returnUrl(provider))
        .<Returned>map(url -> new Returned.To(ReturnAddress.of(url, appid)))
        .orElseGet(() -> new Returned.Stays(Notice.DONE));
  }

  private static Notice notice(Failure failure) {
    return switch (failure) {
      case Failure.AuthorizationLost lost -> Notice.NOT_AUTHORIZED;
      case Failure.Rejected rejected -> Notice.NOT_AUTHORIZED;
      case Failure.Misconfigured misconfigured -> Notice.MISCONFIGURED;
      // The pushed event will finish it.
      case Failure.TokenRejected token -> Notice.IN_PROGRESS;
      case Failure.QuotaExhausted quota -> Notice.IN_PROGRESS;
      case Failure.RateLimited limited -> Notice.IN_PROGRESS;
      case Failure.Unavailable unavailable -> Notice.IN_PROGRESS;
      case Failure.OutcomeUnknown unknown -> Notice.IN_PROGRESS;
    };
  }
}
