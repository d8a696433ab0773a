package io.yima.codes;

import io.yima.authorizer.AuthorizerStanding;
import io.yima.authorizer.AuthorizerStatus;
import io.yima.work.Lease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** The statements that take applications under a lease, and give leases back. */
final class LedgerClaims {

  private static final String DUE =
      """
      with due as materialized (
        select provider_id, authorizer_appid, isv_application_id, state, first_sent_at
        from code_application
        where next_sync_at <= ? and (lease_until is null or lease_until < now())
        order by next_sync_at
        limit ?
        for update skip locked)
      """;

  private static final String ONE =
      """
      with due as materialized (
        select provider_id, authorizer_appid, isv_application_id, state, first_sent_at
        from code_application
        where provider_id = ? and authorizer_appid = ? and isv_application_id = ?
          and state in ('SUBMITTING', 'SUBMITTED')
          and (lease_until is null or lease_until < now())
        for update skip locked)
      """;

  /** A claim changes no indexed column, so it stays a HOT update. */
  private static final String TAKE =
      """
      update code_application a set
        generation = a.generation + 1, lease_owner = ?, lease_until = now() + ?::interval,
        first_sent_at = case a.state when 'SUBMITTING' then coalesce(a.first_sent_at, ?)
          else a.first_sent_at end
      from due
        join provider p on p.id = due.provider_id
        join authorizer m
          on m.provider_id = due.provider_id and m.authorizer_appid = due.authorizer_appid
        left join api_quota q
          on q.provider_id = due.provider_id and q.authorizer_appid = due.authorizer_appid
          and q.api = case due.state when 'SUBMITTING' then 'applycode' else 'applycodequery' end
      where a.provider_id = due.provider_id and a.authorizer_appid = due.authorizer_appid
        and a.isv_application_id = due.isv_application_id
      returning
      """
          + LedgerRow.COLUMNS
          + """
      , due.first_sent_at is null as first, p.status = 'ARCHIVED' as archived,
      m.status as authorizer_status, ? = any(m.permission_sets) as marketing_code_set,
      q.blocked_until
      """;

  private static final String GIVE_BACK =
      """
      update code_application set lease_owner = null, lease_until = null
      where lease_owner = ? and lease_until > now() and next_sync_at is not null
      """;

  private LedgerClaims() {}

  /** Claims what is due, of all providers: for the worker's pool. */
  static List<Claimed> due(
      Connection connection, Instant now, int limit, String holder, Lease lease)
      throws SQLException {
    try (PreparedStatement claim = connection.prepareStatement(DUE + TAKE)) {
      claim.setObject(1, Ledger.time(now));
      claim.setInt(2, limit);
      return take(claim, 3, now, holder, lease);
    }
  }

  /** Claims one unfinished application, due or not; empty when somebody is at it. */
  static Optional<Claimed> one(
      Connection connection, ApplicationKey key, Instant now, String holder, Lease lease)
      throws SQLException {
    try (PreparedStatement claim = connection.prepareStatement(ONE + TAKE)) {
      int next = Ledger.bind(claim, 1, key);
      return take(claim, next, now, holder, lease).stream().findFirst();
    }
  }

  static int giveBack(Connection connection, String holder) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(GIVE_BACK)) {
      update.setString(1, holder);
      return update.executeUpdate();
    }
  }

  private static List<Claimed> take(
      PreparedStatement claim, int position, Instant now, String holder, Lease lease)
      throws SQLException {
    claim.setString(position, holder);
    claim.setString(position + 1, lease.interval());
    claim.setObject(position + 2, Ledger.time(now));
    claim.setInt(position + 3, AuthorizerStanding.MARKETING_CODE_SET);
    List<Claimed> claimed = new ArrayList<>();
    try (ResultSet rows = claim.executeQuery()) {
      while (rows.next()) {
        claimed.add(claimed(rows));
      }
    }
    return claimed;
  }

  private static Claimed claimed(ResultSet row) throws SQLException {
    return new Claimed(
        LedgerRow.read(row),
        row.getBoolean("first"),
        row.getBoolean("archived"),
        AuthorizerStatus.valueOf(row.getString("authorizer_status")),
        row.getBoolean("marketing_code_set"),
        LedgerRow.instant(row, "blocked_until"));
  }
}
