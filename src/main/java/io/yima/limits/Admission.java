package io.yima.limits;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkiverse.resteasy.problem.HttpProblem;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import io.yima.api.EarlyAnswer;
import io.yima.api.Problems;
import io.yima.limits.Authentications.Owner;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Lets a request in, or answers 429 before anything is looked up for it and anything is stored. It
 * only counts in memory and so costs next to nothing, whoever asks.
 */
@ApplicationScoped
class Admission {

  private static final int BEHIND_REFUSALS_OF_THE_DIALECT = 45_000;
  private static final int LONGEST_APPID = 64;
  private static final Duration REFUSAL_DELAY = Duration.ofMillis(250);
  private static final int WAITING_REFUSALS = 2_000;
  private static final String TEXT =
      "请求过于频繁，请稍后再试。 Too many requests; please try again in a moment.";

  private final RateLimit perKey;
  private final RateLimit perAddress;
  private final RateLimit pages;
  private final RateLimit pushes;
  private final OpenRequests open;
  private final Authentications authentications;
  private final UntrustedProxy proxy;
  private final MeterRegistry meters;
  private final SlowRefusals slow = new SlowRefusals(REFUSAL_DELAY, WAITING_REFUSALS);

  Admission(
      LimitSettings settings,
      Authentications authentications,
      UntrustedProxy proxy,
      MeterRegistry meters) {
    perKey = new RateLimit(settings.perKey());
    perAddress = new RateLimit(settings.perAddress());
    pages = new RateLimit(settings.pages());
    pushes = new RateLimit(settings.pushes());
    open = new OpenRequests(settings.openRequests());
    this.authentications = authentications;
    this.proxy = proxy;
    this.meters = meters;
  }

  void register(@Observes Filters filters) {
    filters.register(this::admit, BEHIND_REFUSALS_OF_THE_DIALECT);
  }

  private void admit(RoutingContext context) {
    Optional<Door> door = Door.of(context.normalizedPath());
    if (door.isEmpty()) {
      context.next();
      return;
    }
    proxy.look(context.request());
    String address = RemoteAddress.of(context);
    switch (door.get()) {
      case API -> admitToApi(context, address);
      case PAGE -> admit(context, pages.take(address));
      case PUSH -> admit(context, pushes.take(address));
    }
  }

  private void admit(RoutingContext context, Allowance allowance) {
    allowance.tell(context.response().headers());
    if (allowance.given()) {
      context.next();
    } else {
      refuse(context, rateLimited(allowance));
    }
  }

  private void admitToApi(RoutingContext context, String address) {
    @Nullable String key = PresentedKey.counted(context).orElse(null);
    Optional<Owner> owner = key == null ? Optional.empty() : authentications.owner(key);
    Allowance allowance = perAddress.take(address);
    if (allowance.given() && key != null && !owner.map(Owner::isOperator).orElse(false)) {
      allowance = allowance.tighter(perKey.take(key));
    }
    allowance.tell(context.response().headers());
    if (!allowance.given()) {
      refuse(context, rateLimited(allowance));
      return;
    }
    Allowance guesses = authentications.failuresOf(address);
    if (key != null && owner.isEmpty() && !guesses.given()) {
      refuse(context, tooManyFailures(guesses));
      return;
    }
    String caller = countedUnder(context, key, owner, address);
    OpenRequests.Place place = open.take(caller);
    if (place == null) {
      refuse(context, tooManyOpen());
      return;
    }
    // Twice, because either may fail to come: the first when the client goes away, the second
    // where somebody else waits for the end of the response.
    context.addBodyEndHandler(ended -> place.giveBack());
    context.addEndHandler(ended -> place.giveBack());
    context.next();
  }

  /** The provider; until its key is known, the key; without one, the address. */
  private static String countedUnder(
      RoutingContext context, @Nullable String key, Optional<Owner> owner, String address) {
    if (key == null) {
      return "address " + address;
    }
    if (owner.isEmpty()) {
      return "key " + key;
    }
    String componentAppid = owner.get().componentAppid();
    String named = context.request().getHeader("Yima-Provider");
    if (componentAppid == null && named != null && named.length() <= LONGEST_APPID) {
      componentAppid = named;
    }
    return componentAppid == null ? "operator" : componentAppid;
  }

  private void refuse(RoutingContext context, HttpProblem problem) {
    String code = String.valueOf(problem.getParameters().get("code"));
    meters.counter("yima_requests_refused", "code", code).increment();
    slow.refuse(context.vertx(), () -> EarlyAnswer.send(context, problem, TEXT));
  }

  private static HttpProblem rateLimited(Allowance allowance) {
    return Problems.tooMany(
        "rate_limited",
        "More requests than are taken in this time; nothing was stored.",
        allowance.retryAfterSeconds());
  }

  static HttpProblem tooManyFailures(Allowance allowance) {
    return Problems.tooMany(
        "too_many_failed_authentications",
        "Too many requests from this address came with a wrong API key.",
        allowance.retryAfterSeconds());
  }

  private static HttpProblem tooManyOpen() {
    return Problems.tooMany(
        "too_many_open_requests",
        "Too many requests of this provider are under way; nothing was stored.",
        Duration.ofSeconds(1));
  }
}
