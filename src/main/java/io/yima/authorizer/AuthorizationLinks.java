package io.yima.authorizer;

import io.yima.database.Ids;
import io.yima.security.audit.AuditAction;
import io.yima.security.audit.AuditEntry;
import io.yima.security.audit.AuditTrail;
import io.yima.tenancy.ProviderId;
import io.yima.tenancy.ProviderTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The links that invite merchants. */
@ApplicationScoped
public class AuthorizationLinks {

  private final Invitations invitations;
  private final ProviderTransactions transactions;
  private final AuthorizerSettings config;
  private final AuditTrail audit;
  private final Clock clock;

  AuthorizationLinks(
      Invitations invitations,
      ProviderTransactions transactions,
      AuthorizerSettings config,
      AuditTrail audit,
      Clock clock) {
    this.invitations = invitations;
    this.transactions = transactions;
    this.config = config;
    this.audit = audit;
    this.clock = clock;
  }

  /** A link of this provider, expired ones included; empty when it has no such link. */
  public Optional<AuthorizationLink> find(ProviderId provider, UUID id) {
    return transactions.call(provider, () -> invitations.find(provider, id).map(Invitation::link));
  }

  /** Notes that a merchant came back through this link; the first time counts. */
  public void markUsed(ProviderId provider, UUID id) {
    Instant now = clock.instant();
    transactions.run(
        provider, () -> invitations.find(provider, id).ifPresent(link -> link.used(now)));
  }

  AuthorizationLink create(
      ProviderId provider, int authType, @Nullable String bizAppid, @Nullable String returnUrl) {
    Instant now = clock.instant();
    AuthorizationLink link =
        new AuthorizationLink(
            Ids.next(), authType, bizAppid, returnUrl, now.plus(config.linkLife()));
    transactions.run(
        provider,
        () -> {
          invitations.persist(new Invitation(provider, link, now));
          audit.record(
              AuditEntry.of(AuditAction.LINK_CREATED, provider)
                  .authorizer(bizAppid)
                  .object(link.id())
                  .detail("auth_type " + authType));
        });
    return link;
  }
}
