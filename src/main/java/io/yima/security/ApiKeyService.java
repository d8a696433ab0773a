package io.yima.security;

import io.yima.api.Page;
import io.yima.api.PageRequest;
import io.yima.api.Problems;
import io.yima.database.Ids;
import io.yima.secrets.Secret;
import io.yima.tenancy.ProviderDirectory;
import io.yima.tenancy.ProviderId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Clock;
import java.util.List;
import java.util.UUID;

/** What operators do with the keys of a provider. */
@ApplicationScoped
class ApiKeyService {

  /** A new key and its secret, which is nowhere else. */
  record Created(ApiKeyView key, Secret secret) {}

  private final ApiKeys keys;
  private final ProviderDirectory providers;
  private final Clock clock;

  ApiKeyService(ApiKeys keys, ProviderDirectory providers, Clock clock) {
    this.keys = keys;
    this.providers = providers;
    this.clock = clock;
  }

  @Transactional
  Created create(String componentAppid, ApiKeyBody body) {
    ProviderId provider = require(componentAppid);
    CreateApiKey command = KeyRules.check(body, clock.instant());
    Secret secret = ApiKeySecret.generateProviderKey();
    ApiKey key = new ApiKey(Ids.next(), provider, secret, command, clock.instant());
    keys.persist(key);
    return new Created(key.view(), secret);
  }

  @Transactional
  Page<ApiKeyView> list(String componentAppid, PageRequest request) {
    ProviderId provider = require(componentAppid);
    List<ApiKey> found =
        keys.list(
            provider,
            request.after(key -> UUID.fromString(key.getFirst())),
            request.limitPlusOne());
    return Page.of(found, request, key -> List.of(key.id().toString())).map(ApiKey::view);
  }

  /** Counts from the next request on, on every node; keys are looked up each time. */
  @Transactional
  void revoke(String componentAppid, UUID id) {
    keys.find(require(componentAppid), id)
        .orElseThrow(() -> Problems.notFound("key_not_found", "There is no such key."))
        .revoke(clock.instant());
  }

  private ProviderId require(String componentAppid) {
    return providers
        .find(componentAppid)
        .filter(found -> !found.archived())
        .orElseThrow(() -> Problems.notFound("provider_not_found", "There is no such provider."))
        .id();
  }
}
