package io.yima.codes;

import io.yima.database.Columns;
import io.yima.quota.ClaimedCalls;
import io.yima.quota.Clearance;
import io.yima.work.Lease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** The statements that take applications under a lease, and give leases back. */
final class LedgerClaims {

  /**
   * What is longest due, and where that is not all, the first of each of a hundred providers, and
   * of some merchants of each and of those with what is longest due, other ones each time; then
   * turn by turn the first of each provider, within which the first of each merchant comes before
   * any second. Rows are looked up one by one in that order, because only a row that is still free
   * may count. Each condition fits one access path only, as those of the tokens' claim do.
   */
  private static final String DUE =
      """
      with longest as materialized (
        select ctid as place, provider_id, authorizer_appid, next_sync_at
        from code_application
        where next_sync_at <= ? and (lease_until is null or lease_until < now())
        order by next_sync_at limit 2 * ?),
      visited as materialized (
        select id, count(*) over () as providers from (
          select p.id, row_number() over (order by p.id) as number, count(*) over () as known
          from provider p where (select count(*) from longest) = 2 * ?) p
        where mod(number + ?, (known + 99) / 100) = 0),
      firsts as materialized (
        select first.* from visited v cross join lateral (
          select c.ctid, c.provider_id, c.authorizer_appid, c.next_sync_at
          from code_application c
          where c.provider_id = v.id and c.next_sync_at is not null
            and timezone('UTC', c.next_sync_at) <= timezone('UTC', ?)
            and (c.lease_until is null or c.lease_until < now())
          order by timezone('UTC', c.next_sync_at)
          limit greatest(10, 2 * ? / v.providers)) first),
      busy as materialized (
        select provider_id, count(*) over () as providers
        from (
          select provider_id from firsts
          union
          select provider_id from longest where exists (select 1 from visited)) f),
      merchants as materialized (
        select b.provider_id, m.authorizer_appid, count(*) over () as merchants
        from busy b cross join (values (?::text), ('')) as s (start) cross join lateral (
          with recursive walk as (
            (select c.authorizer_appid, timezone('Asia/Shanghai', c.next_sync_at) as due, 1 as step
            from code_application c
            where c.provider_id = b.provider_id and c.next_sync_at is not null
              and c.authorizer_appid >= s.start
            order by c.authorizer_appid, timezone('Asia/Shanghai', c.next_sync_at) limit 1)
            union all
            select next.*, walk.step + 1
            from walk cross join lateral (
              select c.authorizer_appid, timezone('Asia/Shanghai', c.next_sync_at) as due
              from code_application c
              where c.provider_id = b.provider_id and c.next_sync_at is not null
                and c.authorizer_appid > walk.authorizer_appid
              order by c.authorizer_appid, timezone('Asia/Shanghai', c.next_sync_at) limit 1) next
            where walk.step < greatest(5, ? / b.providers))
          select authorizer_appid from walk where due <= timezone('Asia/Shanghai', ?)) m),
      candidates as (
        select * from longest
        union
        select * from firsts
        union
        select first.* from merchants m cross join lateral (
          select c.ctid, c.provider_id, c.authorizer_appid, c.next_sync_at
          from code_application c
          where c.provider_id = m.provider_id and c.authorizer_appid = m.authorizer_appid
            and c.next_sync_at is not null
            and timezone('Asia/Shanghai', c.next_sync_at) <= timezone('Asia/Shanghai', ?)
            and (c.lease_until is null or c.lease_until < now())
          order by timezone('Asia/Shanghai', c.next_sync_at)
          limit greatest(1, 2 * ? / m.merchants)) first),
      ranked as (
        select place, provider_id, next_sync_at,
          row_number() over (
            partition by provider_id, authorizer_appid order by next_sync_at) as merchants_turn
        from candidates),
      turns as materialized (
        select place, next_sync_at,
          row_number() over (
            partition by provider_id order by merchants_turn, next_sync_at) as turn
        from ranked
        order by turn, next_sync_at),
      due as materialized (
        select turns.place, free.*
        from turns cross join lateral (
          select c.provider_id, c.authorizer_appid, c.first_sent_at,
            case c.state when 'SUBMITTING' then 'applycode' else 'applycodequery' end as api
          from code_application c
          where c.ctid = turns.place and coalesce(
            c.next_sync_at <= ? and (c.lease_until is null or c.lease_until < now()), false)
          for update skip locked) free
        limit ?)
      """;

  private static final String ONE =
      """
      with due as materialized (
        select provider_id, authorizer_appid, isv_application_id, first_sent_at,
          case state when 'SUBMITTING' then 'applycode' else 'applycodequery' end as api
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
      from wanted
      """
          + ClaimedCalls.WITH_COUNTS
          + """
      where %s
      returning
      """
          + LedgerRow.COLUMNS
          + """
      , wanted.first_sent_at is null as first,
      """
          + ClaimedCalls.CLEARANCE;

  static final String CLAIM_DUE =
      DUE + ClaimedCalls.COUNTED + TAKE.formatted("a.ctid = wanted.place");

  private static final String CLAIM_ONE =
      ONE
          + ClaimedCalls.COUNTED
          + TAKE.formatted(
              "a.provider_id = wanted.provider_id and a.authorizer_appid = wanted.authorizer_appid"
                  + " and a.isv_application_id = wanted.isv_application_id");

  private static final String GIVE_BACK =
      """
      with held as materialized (
        select provider_id, authorizer_appid, isv_application_id, generation
        from code_application
        where lease_owner = ? and lease_until > now() and next_sync_at is not null
        order by provider_id, authorizer_appid, isv_application_id
        for no key update)
      update code_application a set lease_owner = null, lease_until = null
      from held
      where a.provider_id = held.provider_id and a.authorizer_appid = held.authorizer_appid
        and a.isv_application_id = held.isv_application_id and a.generation = held.generation
      """;

  /** Which providers are visited next; any would do, but each is to have its turn. */
  private static final AtomicInteger ROUND = new AtomicInteger();

  private LedgerClaims() {}

  /**
   * Claims what is due, of all providers in turn, and counts the calls: for the worker's pool.
   *
   * @param share of a daily quota that questions may use
   */
  static List<Claimed> due(
      Connection connection, Instant now, int limit, String holder, Lease lease, double share)
      throws SQLException {
    try (PreparedStatement claim = connection.prepareStatement(CLAIM_DUE)) {
      bindDue(claim, now, limit, ROUND.getAndIncrement(), holder, lease, share);
      return claimed(claim, now);
    }
  }

  static void bindDue(
      PreparedStatement claim,
      Instant now,
      int limit,
      int round,
      String holder,
      Lease lease,
      double share)
      throws SQLException {
    for (int position : new int[] {1, 5, 9, 10, 12}) {
      claim.setObject(position, Columns.of(now));
    }
    for (int position : new int[] {2, 3, 6, 8, 11, 13}) {
      claim.setInt(position, limit);
    }
    claim.setInt(4, round & Integer.MAX_VALUE);
    claim.setString(7, startOfWalk(round));
    int next = ClaimedCalls.bind(claim, 14, now, true, share);
    bindTake(claim, next, now, holder, lease);
  }

  /** Somewhere among merchants' appids, elsewhere each time: the golden ratio spreads evenly. */
  private static String startOfWalk(int round) {
    return String.format(Locale.ROOT, "wx%08x", round * 0x9E3779B9);
  }

  /** Claims one unfinished application, due or not; empty when somebody is at it. */
  static Optional<Claimed> one(
      Connection connection, ApplicationKey key, Instant now, String holder, Lease lease)
      throws SQLException {
    try (PreparedStatement claim = connection.prepareStatement(CLAIM_ONE)) {
      int next = key.bind(claim, 1);
      bindTake(claim, ClaimedCalls.bind(claim, next, now, false, 1), now, holder, lease);
      return claimed(claim, now).stream().findFirst();
    }
  }

  static int giveBack(Connection connection, String holder) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(GIVE_BACK)) {
      update.setString(1, holder);
      return update.executeUpdate();
    }
  }

  private static void bindTake(
      PreparedStatement claim, int position, Instant now, String holder, Lease lease)
      throws SQLException {
    claim.setString(position, holder);
    claim.setString(position + 1, lease.interval());
    claim.setObject(position + 2, Columns.of(now));
  }

  private static List<Claimed> claimed(PreparedStatement claim, Instant now) throws SQLException {
    List<Claimed> claimed = new ArrayList<>();
    try (ResultSet rows = claim.executeQuery()) {
      while (rows.next()) {
        claimed.add(claimed(rows, now));
      }
    }
    return claimed;
  }

  private static Claimed claimed(ResultSet row, Instant now) throws SQLException {
    return new Claimed(LedgerRow.read(row), row.getBoolean("first"), Clearance.read(row, now));
  }
}
