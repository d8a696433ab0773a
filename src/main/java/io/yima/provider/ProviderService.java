package io.yima.provider;

import static java.util.Objects.requireNonNull;

import io.yima.api.Problems;
import io.yima.secrets.Sealer;
import io.yima.secrets.Secret;
import io.yima.secrets.SecretPlace;
import io.yima.security.audit.AuditAction;
import io.yima.security.audit.AuditEntry;
import io.yima.security.audit.AuditTrail;
import io.yima.tenancy.ProviderDirectory;
import io.yima.tenancy.ProviderId;
import io.yima.tenancy.ProviderTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Consumer;
import org.hibernate.exception.ConstraintViolationException;
import org.jspecify.annotations.Nullable;

/** What operators do with providers. */
@ApplicationScoped
class ProviderService {

  private final ProviderDirectory directory;
  private final ProviderTransactions transactions;
  private final Providers providers;
  private final Sealer sealer;
  private final TokenSearch tokens;
  private final Clock clock;
  private final Event<ProviderRegistered> registered;
  private final AuditTrail audit;

  ProviderService(
      ProviderDirectory directory,
      ProviderTransactions transactions,
      Providers providers,
      Sealer sealer,
      TokenSearch tokens,
      Clock clock,
      Event<ProviderRegistered> registered,
      AuditTrail audit) {
    this.directory = directory;
    this.transactions = transactions;
    this.providers = providers;
    this.sealer = sealer;
    this.tokens = tokens;
    this.clock = clock;
    this.registered = registered;
    this.audit = audit;
  }

  ProviderRecord register(RegisterProvider request) {
    ProviderRules.check(request);
    if (directory.find(requireNonNull(request.componentAppid())).isPresent()) {
      throw exists();
    }
    ProviderId id = ProviderId.next();
    Provider provider = unsaved(id, request);
    try {
      return transactions.call(id, () -> store(id, provider));
    } catch (ConstraintViolationException e) {
      // Someone registered it since we looked.
      if ("provider_component_appid_key".equals(e.getConstraintName())) {
        throw exists();
      }
      throw e;
    }
  }

  ProviderRecord find(String componentAppid) {
    ProviderId id = require(componentAppid);
    return transactions.call(id, () -> providers.require(id).toRecord());
  }

  ProviderRecord change(String componentAppid, ChangeProvider request) {
    ProviderRules.check(request);
    ProviderId id = require(componentAppid);
    return transactions.call(
        id,
        () -> {
          Provider provider = providers.requireForChange(id);
          if (provider.isArchived()) {
            throw Problems.conflict("provider_archived", "An archived provider does not change.");
          }
          apply(id, provider, request);
          providers.flush();
          if (!request.fields().isEmpty()) {
            audit.record(
                AuditEntry.of(AuditAction.PROVIDER_CHANGED, id)
                    .detail(String.join(", ", request.fields())));
          }
          return provider.toRecord();
        });
  }

  /** Archives it; without effect on one that is archived. */
  void archive(String componentAppid) {
    ProviderId id = require(componentAppid);
    transactions.run(
        id,
        () -> {
          if (providers.requireForChange(id).archive(clock.instant())) {
            audit.record(AuditEntry.of(AuditAction.PROVIDER_ARCHIVED, id));
          }
          providers.leaveAlone(id);
        });
    tokens.forget(id);
  }

  private ProviderRecord store(ProviderId id, Provider provider) {
    providers.persistAndFlush(provider);
    ProviderRecord stored = provider.toRecord();
    providers.watchTicket(id, TicketTimes.checkAfter(stored.createdAt()));
    registered.fire(new ProviderRegistered(id));
    audit.record(AuditEntry.of(AuditAction.PROVIDER_REGISTERED, id));
    return stored;
  }

  private Provider unsaved(ProviderId id, RegisterProvider request) {
    Provider provider =
        new Provider(
            id.value(),
            requireNonNull(request.componentAppid()),
            requireNonNull(request.name()),
            clock.instant());
    provider.returnTo(request.returnUrl());
    provider.replaceAppsecret(
        seal(ComponentPlaces.appsecret(id), requireNonNull(request.componentAppsecret())));
    provider.replaceMessageToken(
        seal(ComponentPlaces.messageToken(id), requireNonNull(request.messageToken())));
    provider.rotateEncodingAesKey(
        seal(ComponentPlaces.encodingAesKey(id), requireNonNull(request.encodingAesKey())));
    return provider;
  }

  private void apply(ProviderId id, Provider provider, ChangeProvider request) {
    Instant now = clock.instant();
    ifGiven(request.name(), provider::rename);
    if (request.returnUrlGiven()) {
      provider.returnTo(request.returnUrl());
    }
    ifGiven(
        request.messageToken(),
        text -> provider.replaceMessageToken(seal(ComponentPlaces.messageToken(id), text)));
    ifGiven(request.encodingAesKey(), text -> rotate(id, provider, text));
    ifGiven(
        request.componentAppsecret(),
        text -> {
          provider.replaceAppsecret(seal(ComponentPlaces.appsecret(id), text));
          providers.retryToken(id, now);
        });
  }

  private void rotate(ProviderId id, Provider provider, String text) {
    // The same key sent again must not push out the former one.
    Secret current = sealer.open(ComponentPlaces.encodingAesKey(id), provider.encodingAesKey());
    if (!current.equals(Secret.of(text))) {
      provider.rotateEncodingAesKey(seal(ComponentPlaces.encodingAesKey(id), text));
    }
  }

  private byte[] seal(SecretPlace place, String text) {
    return sealer.seal(place, Secret.of(text));
  }

  private ProviderId require(String componentAppid) {
    return directory
        .find(componentAppid)
        .orElseThrow(() -> Problems.notFound("provider_not_found", "There is no such provider."))
        .id();
  }

  private static void ifGiven(@Nullable String text, Consumer<String> change) {
    Optional.ofNullable(text).ifPresent(change);
  }

  private static RuntimeException exists() {
    return Problems.conflict(
        "provider_exists", "A provider with this component_appid is registered.");
  }
}
