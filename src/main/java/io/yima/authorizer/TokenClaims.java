package io.yima.authorizer;

import io.yima.database.WorkerDatabase;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.work.Lease;
import io.yima.work.Node;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Takes token rows under this node's lease. A claim raises the generation. */
@ApplicationScoped
class TokenClaims {

  static final String DUE =
      """
      exists (select from authorizer_token t
        join provider p on p.id = t.provider_id and p.status = 'ACTIVE'
        where t.next_refresh_at <= ? and (t.lease_until is null or t.lease_until < now()))
      """;

  private static final String CLAIM_DUE =
      """
      with due as materialized (
        select t.provider_id, t.authorizer_appid from authorizer_token t
          join authorizer a
            on a.provider_id = t.provider_id and a.authorizer_appid = t.authorizer_appid
          join provider p on p.id = t.provider_id
        where t.next_refresh_at <= ? and (t.lease_until is null or t.lease_until < now())
          and a.status = 'ACTIVE' and p.status = 'ACTIVE'
        order by t.next_refresh_at limit ?
        for update of t skip locked)
      update authorizer_token t
        set generation = t.generation + 1, lease_owner = ?, lease_until = now() + ?::interval
      from due join authorizer a
        on a.provider_id = due.provider_id and a.authorizer_appid = due.authorizer_appid
      where t.provider_id = due.provider_id and t.authorizer_appid = due.authorizer_appid
      returning
      """
          + ClaimedToken.COLUMNS;

  private static final String CLAIM_ONE =
      """
      update authorizer_token t
        set generation = t.generation + 1, lease_owner = ?, lease_until = now() + ?::interval
      from authorizer a
      where t.provider_id = ? and t.authorizer_appid = ? and t.generation = ?
        and (t.lease_until is null or t.lease_until < now())
        and a.provider_id = t.provider_id and a.authorizer_appid = t.authorizer_appid
      returning
      """
          + ClaimedToken.COLUMNS;

  private static final String GIVE_BACK =
      """
      update authorizer_token set lease_owner = null, lease_until = null
      where lease_owner = ? and lease_until >= now()
      """;

  private final WorkerDatabase database;
  private final ProviderTransactions transactions;
  private final Node node;

  TokenClaims(WorkerDatabase database, ProviderTransactions transactions, Node node) {
    this.database = database;
    this.transactions = transactions;
    this.node = node;
  }

  /** Due rows of active merchants of active providers, those longest due first. */
  List<ClaimedToken> due(Instant now, int limit, Lease lease) {
    return database.transaction(
        connection -> {
          try (PreparedStatement claim = connection.prepareStatement(CLAIM_DUE)) {
            claim.setObject(1, Columns.of(now));
            claim.setInt(2, limit);
            claim.setString(3, node.name());
            claim.setString(4, lease.interval());
            return claimed(claim);
          }
        });
  }

  /** This row, due or not, if it is as it was read and nobody holds it. */
  Optional<ClaimedToken> one(AuthorizerId id, long generation, Lease lease) {
    return transactions.withConnection(
        id.provider(),
        connection -> {
          try (PreparedStatement claim = connection.prepareStatement(CLAIM_ONE)) {
            // Not the loop's name: these leases are not the loop's to give back.
            claim.setString(1, node.name() + "/now");
            claim.setString(2, lease.interval());
            claim.setObject(3, id.provider().value());
            claim.setString(4, id.authorizerAppid());
            claim.setLong(5, generation);
            return claimed(claim).stream().findFirst();
          }
        });
  }

  void giveBack() {
    database.transaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(GIVE_BACK)) {
            update.setString(1, node.name());
            return update.executeUpdate();
          }
        });
  }

  private static List<ClaimedToken> claimed(PreparedStatement claim) throws SQLException {
    List<ClaimedToken> claimed = new ArrayList<>();
    try (ResultSet rows = claim.executeQuery()) {
      while (rows.next()) {
        claimed.add(ClaimedToken.of(rows));
      }
    }
    return claimed;
  }
}
