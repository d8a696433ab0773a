package io.yima.security;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.yima.tenancy.ProviderId;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The keys of providers. */
@ApplicationScoped
class ApiKeys implements PanacheRepositoryBase<ApiKey, UUID> {

  Optional<ApiKey> find(ProviderId provider, UUID id) {
    return find("id = ?1 and providerId = ?2", id, provider.value()).firstResultOptional();
  }

  /** In the order in which they were made. */
  List<ApiKey> list(ProviderId provider, Optional<UUID> after, int limit) {
    return after
        .map(id -> find("providerId = ?1 and id > ?2 order by id", provider.value(), id))
        .orElseGet(() -> find("providerId = ?1 order by id", provider.value()))
        .range(0, limit - 1)
        .list();
  }
}
