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
import java.util.concurrent.atomic.AtomicInteger;

/** The statements that take applications under a lease, and give leases back. */
final class LedgerClaims {

  /**
   * What is longest due, and where that is not all, the first of each of a hundred providers, other
   * ones each time; then turn by turn the first of each provider. Rows are looked up one by one in
   * that order, because only a row that is still free may count.
   */
  private static final String DUE =
      """
      with longest as materialized (
        select provider_id, authorizer_appid, isv_application_id, next_sync_at
        from code_application
        where next_sync_at <= ? and (lease_until is null or lease_until < now())
        order by next_sync_at limit 2 * ?),
      visited as materialized (
        select id, count(*) over () as providers from (
          select p.id, row_number() over (order by p.id) as place, count(*) over () as known
          from provider p where (select count(*) from longest) = 2 * ?) p
        where mod(place + ?, (known + 99) / 100) = 0),
      candidates as (
        select * from longest
        union
        select first.* from visited v cross join lateral (
          select provider_id, authorizer_appid, isv_application_id, next_sync_at
          from code_application c
          where c.provider_id = v.id and c.next_sync_at <= ?
            and (c.lease_until is null or c.lease_until < now())
          order by c.next_sync_at limit greatest(10, 2 * ? / v.providers)) first),
      turns as materialized (
        select provider_id, authorizer_appid, isv_application_id, next_sync_at,
          row_number() over (partition by provider_id order by next_sync_at) as turn
        from candidates
        order by turn, next_sync_at),
      due as materialized (
        select turns.provider_id, turns.authorizer_appid, turns.isv_application_id,
          free.state, free.first_sent_at
        from turns cross join lateral (
          select c.state, c.first_sent_at from code_application c
          where c.provider_id = turns.provider_id
            and c.authorizer_appid = turns.authorizer_appid
            and c.isv_application_id = turns.isv_application_id
            and c.next_sync_at <= ? and (c.lease_until is null or c.lease_until < now())
          for update skip locked) free
        limit ?)
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

  /** Which providers are visited next; any would do, but each is to have its turn. */
  private static final AtomicInteger ROUND = new AtomicInteger();

  private LedgerClaims() {}

  /** Claims what is due, of all providers in turn: for the worker's pool. */
  static List<Claimed> due(
      Connection connection, Instant now, int limit, String holder, Lease lease)
      throws SQLException {
    try (PreparedStatement claim = connection.prepareStatement(DUE + TAKE)) {
      for (int position : new int[] {1, 5, 7}) {
        claim.setObject(position, Ledger.time(now));
      }
      for (int position : new int[] {2, 3, 6, 8}) {
        claim.setInt(position, limit);
      }
      claim.setInt(4, ROUND.getAndIncrement() & Integer.MAX_VALUE);
      return take(claim, 9, now, holder, lease);
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
