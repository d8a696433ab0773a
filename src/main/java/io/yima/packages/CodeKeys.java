package io.yima.packages;

import io.yima.authorizer.Authorizers;
import io.yima.database.Columns;
import io.yima.secrets.Sealer;
import io.yima.secrets.Secret;
import io.yima.secrets.SecretPlace;
import io.yima.security.audit.AuditAction;
import io.yima.security.audit.AuditEntry;
import io.yima.security.audit.AuditTrail;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.work.WorkLoops;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Keeps the keys that open merchants' packages of codes. None is ever told again. */
@ApplicationScoped
class CodeKeys {

  private static final String PUT =
      """
      insert into code_key as k
        (provider_id, authorizer_appid, code_key, set_at, requested_by, actor)
      values (?, ?, ?, ?, ?, ?)
      on conflict on constraint code_key_pkey do update set
        code_key = excluded.code_key, set_at = excluded.set_at,
        requested_by = excluded.requested_by, actor = excluded.actor, proved_at = null,
        generation = k.generation + 1
      """;

  private final ProviderTransactions transactions;
  private final Authorizers authorizers;
  private final Sealer sealer;
  private final AuditTrail audit;
  private final WorkLoops loops;
  private final Clock clock;

  CodeKeys(
      ProviderTransactions transactions,
      Authorizers authorizers,
      Sealer sealer,
      AuditTrail audit,
      WorkLoops loops,
      Clock clock) {
    this.transactions = transactions;
    this.authorizers = authorizers;
    this.sealer = sealer;
    this.audit = audit;
    this.loops = loops;
    this.clock = clock;
  }

  /**
   * Sets a merchant's key, and has the packages tried at once that waited for it. In two
   * transactions: a claim that begins after the first sees the new key, and one that began before
   * loses its row in the second.
   */
  void put(AuthorizerId authorizer, Secret key, String requestedBy, @Nullable String actor) {
    if (authorizers.standing(authorizer).isEmpty()) {
      throw Authorizers.notFound();
    }
    Instant now = clock.instant();
    byte[] sealed = sealer.seal(place(authorizer), key);
    transactions.withConnection(
        authorizer.provider(),
        connection -> {
          audit.record(AuditEntry.of(AuditAction.CODE_KEY_SET, authorizer));
          return put(connection, authorizer, sealed, now, requestedBy, actor);
        });
    transactions.withConnection(
        authorizer.provider(),
        connection -> PackageRecords.wakeMerchant(connection, authorizer, now));
    loops.wake(PackageDownloads.KIND);
  }

  static SecretPlace place(AuthorizerId authorizer) {
    return new SecretPlace(
        "code_key.key", authorizer.provider().value(), authorizer.authorizerAppid());
  }

  private static int put(
      Connection connection,
      AuthorizerId authorizer,
      byte[] sealed,
      Instant now,
      String requestedBy,
      @Nullable String actor)
      throws SQLException {
    try (PreparedStatement upsert = connection.prepareStatement(PUT)) {
      upsert.setObject(1, authorizer.provider().value());
      upsert.setString(2, authorizer.authorizerAppid());
      upsert.setBytes(3, sealed);
      upsert.setObject(4, Columns.of(now));
      upsert.setString(5, requestedBy);
      upsert.setString(6, actor);
      return upsert.executeUpdate();
    }
  }
}
