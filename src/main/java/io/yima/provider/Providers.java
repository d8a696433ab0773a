package io.yima.provider;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import io.yima.tenancy.ProviderId;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import java.time.Instant;
import java.util.UUID;

/** Providers, each within a transaction that acts for it. */
@ApplicationScoped
class Providers implements PanacheRepositoryBase<Provider, UUID> {

  private static final String WATCH_TICKET =
      "update component set next_ticket_check_at = ?1 where provider_id = ?2";
  private static final String RETRY_TOKEN =
      "update component set next_refresh_at = ?1 where provider_id = ?2 and attempts > 0";

  // A token that is being fetched at this moment must not put the row back to work: its generation
  // is gone.
  private static final String LEAVE_ALONE =
      """
      update component set generation = generation + 1, lease_owner = null, lease_until = null,
        next_refresh_at = null, next_ticket_check_at = null
      where provider_id = ?1
      """;

  Provider require(ProviderId provider) {
    return findByIdOptional(provider.value())
        .orElseThrow(() -> new IllegalStateException("the directory knows a provider of no row"));
  }

  /** For a change: a second one waits, so that neither is lost. */
  Provider requireForChange(ProviderId provider) {
    return findByIdOptional(provider.value(), LockModeType.PESSIMISTIC_WRITE)
        .orElseThrow(() -> new IllegalStateException("the directory knows a provider of no row"));
  }

  void watchTicket(ProviderId provider, Instant firstCheck) {
    getEntityManager()
        .createNativeQuery(WATCH_TICKET)
        .setParameter(1, firstCheck)
        .setParameter(2, provider.value())
        .executeUpdate();
  }

  /** Ends the back-off of a token that could not be fetched. */
  void retryToken(ProviderId provider, Instant now) {
    getEntityManager()
        .createNativeQuery(RETRY_TOKEN)
        .setParameter(1, now)
        .setParameter(2, provider.value())
        .executeUpdate();
  }

  /** Takes the component app from the background work. */
  void leaveAlone(ProviderId provider) {
    getEntityManager()
        .createNativeQuery(LEAVE_ALONE)
        .setParameter(1, provider.value())
        .executeUpdate();
  }
}
