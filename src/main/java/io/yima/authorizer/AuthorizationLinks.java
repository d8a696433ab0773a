package io.yima.authorizer;

import static java.util.Objects.requireNonNull;

import io.yima.database.Columns;
import io.yima.database.Ids;
import io.yima.security.audit.AuditAction;
import io.yima.security.audit.AuditEntry;
import io.yima.security.audit.AuditTrail;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.tenancy.ProviderTransactions;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Clock;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The links that invite merchants. */
@ApplicationScoped
public class AuthorizationLinks {

  /** Only official accounts are shown: those alone can have marketing codes [AUTHDESC]. */
  static final int OFFICIAL_ACCOUNTS = 1;

  private static final String UNUSED =
      """
      select id, expires_at from authorization_link
      where provider_id = ? and biz_appid = ? and auth_type = ? and return_url is null
        and used_at is null and expires_at > ?
      order by expires_at desc limit 1
      """;

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

  /**
   * A link for this merchant alone that works for half a link's life at least: one that nobody has
   * used, or a new one. Whoever asks again and again makes no link a time.
   */
  public AuthorizationLink forMerchant(AuthorizerId merchant) {
    return unused(merchant)
        .orElseGet(
            () -> create(merchant.provider(), OFFICIAL_ACCOUNTS, merchant.authorizerAppid(), null));
  }

  private Optional<AuthorizationLink> unused(AuthorizerId merchant) {
    Instant freshUntil = clock.instant().plus(config.linkLife().dividedBy(2));
    return transactions.withConnection(
        merchant.provider(),
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(UNUSED)) {
            select.setObject(1, merchant.provider().value());
            select.setString(2, merchant.authorizerAppid());
            select.setInt(3, OFFICIAL_ACCOUNTS);
            select.setObject(4, Columns.of(freshUntil));
            try (ResultSet row = select.executeQuery()) {
              return row.next()
                  ? Optional.of(
                      new AuthorizationLink(
                          row.getObject("id", UUID.class),
                          OFFICIAL_ACCOUNTS,
                          merchant.authorizerAppid(),
                          null,
                          requireNonNull(Columns.instant(row, "expires_at"))))
                  : Optional.empty();
            }
          }
        });
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
