package io.yima.security;

import io.yima.api.Page;
import io.yima.api.PageRequest;
import io.yima.api.Problems;
import io.yima.database.Ids;
import io.yima.secrets.Secret;
import io.yima.security.audit.AuditAction;
import io.yima.security.audit.AuditEntry;
import io.yima.security.audit.AuditTrail;
import io.yima.tenancy.ProviderDirectory;
import io.yima.tenancy.ProviderId;
import io.yima.tenancy.ProviderTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** What operators do with the keys of a provider. */
@ApplicationScoped
class ApiKeyService {

  /** A new key and its secret, which is nowhere else. */
  record Created(ApiKeyView key, Secret secret) {}

  private final ApiKeys keys;
  private final ProviderDirectory providers;
  private final ProviderTransactions transactions;
  private final AuditTrail audit;
  private final Clock clock;

  ApiKeyService(
      ApiKeys keys,
      ProviderDirectory providers,
      ProviderTransactions transactions,
      AuditTrail audit,
      Clock clock) {
    this.keys = keys;
    this.providers = providers;
    this.transactions = transactions;
    this.audit = audit;
    this.clock = clock;
  }

  Created create(String componentAppid, ApiKeyBody body) {
    ProviderId provider = require(componentAppid);
    CreateApiKey command = KeyRules.check(body, clock.instant());
    Secret secret = ApiKeySecret.generateProviderKey();
    ApiKey key = new ApiKey(Ids.next(), provider, secret, command, clock.instant());
    transactions.run(
        provider,
        () -> {
          keys.persist(key);
          audit.record(
              AuditEntry.of(AuditAction.KEY_CREATED, provider)
                  .object(key.id())
                  .detail(key.label() + ": " + String.join(", ", command.scopes())));
        });
    return new Created(key.view(), secret);
  }

  Page<ApiKeyView> list(String componentAppid, PageRequest request) {
    ProviderId provider = require(componentAppid);
    Optional<UUID> after = request.after(key -> UUID.fromString(key.getFirst()));
    List<ApiKey> found =
        transactions.call(provider, () -> keys.list(provider, after, request.limitPlusOne()));
    return Page.of(found, request, key -> List.of(key.id().toString())).map(ApiKey::view);
  }

  /** Counts from the next request on, on every node; keys are looked up each time. */
  void revoke(String componentAppid, UUID id) {
    ProviderId provider = require(componentAppid);
    transactions.run(
        provider,
        () -> {
          ApiKey key =
              keys.find(provider, id)
                  .orElseThrow(() -> Problems.notFound("key_not_found", "There is no such key."));
          if (key.revoke(clock.instant())) {
            audit.record(
                AuditEntry.of(AuditAction.KEY_REVOKED, provider).object(id).detail(key.label()));
          }
        });
  }

  private ProviderId require(String componentAppid) {
    return providers
        .find(componentAppid)
        .filter(found -> !found.archived())
        .orElseThrow(() -> Problems.notFound("provider_not_found", "There is no such provider."))
        .id();
  }
}
