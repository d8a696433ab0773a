package io.yima.activations;

import io.yima.codes.ApplicationKey;
import io.yima.database.Columns;
import io.yima.quota.ClaimedCalls;
import io.yima.quota.Clearance;
import io.yima.tenancy.ProviderId;
import io.yima.work.Lease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** The statements that take slices of activations under a lease, and give leases back. */
final class SliceClaims {

  /** In turns, as {@code LedgerClaims} takes applications, and for the same reasons. */
  private static final String DUE =
      """
      with longest as materialized (
        select ctid as place, provider_id, next_attempt_at
        from code_activation_slice
        where next_attempt_at <= ? and (lease_until is null or lease_until < now())
        order by next_attempt_at limit 2 * ?),
      visited as materialized (
        select id, count(*) over () as providers from (
          select p.id, row_number() over (order by p.id) as number, count(*) over () as known
          from provider p where (select count(*) from longest) = 2 * ?) p
        where mod(number + ?, (known + 99) / 100) = 0),
      candidates as (
        select * from longest
        union
        select first.* from visited v cross join lateral (
          select c.ctid, c.provider_id, c.next_attempt_at
          from code_activation_slice c
          where c.provider_id = v.id and c.next_attempt_at is not null
            and timezone('UTC', c.next_attempt_at) <= timezone('UTC', ?)
            and (c.lease_until is null or c.lease_until < now())
          order by timezone('UTC', c.next_attempt_at)
          limit greatest(10, 2 * ? / v.providers)) first),
      turns as materialized (
        select place, next_attempt_at,
          row_number() over (partition by provider_id order by next_attempt_at) as turn
        from candidates
        order by turn, next_attempt_at),
      due as materialized (
        select turns.place, free.*
        from turns cross join lateral (
          select c.provider_id, c.authorizer_appid, c.activation_id, c.sent_at,
            case when c.sent_at is null then 'codeactive' else 'codeactivequery' end as api
          from code_activation_slice c
          where c.ctid = turns.place and coalesce(
            c.next_attempt_at <= ? and (c.lease_until is null or c.lease_until < now()), false)
          for update skip locked) free
        limit ?)
      """;

  private static final String OF_ACTIVATION =
      """
      with due as materialized (
        select ctid as place, provider_id, authorizer_appid, activation_id, sent_at,
          case when sent_at is null then 'codeactive' else 'codeactivequery' end as api
        from code_activation_slice
        where provider_id = ? and activation_id = ? and next_attempt_at <= ?
          and (lease_until is null or lease_until < now())
        order by number limit ?
        for update skip locked)
      """;

  /** A claim changes no indexed column, so it stays a HOT update. */
  private static final String TAKE =
      """
      update code_activation_slice s set
        generation = s.generation + 1, lease_owner = ?, lease_until = now() + ?::interval,
        sent_at = coalesce(s.sent_at, ?)
      from wanted
        join code_activation v
          on v.provider_id = wanted.provider_id and v.id = wanted.activation_id
        join code_application a
          on a.provider_id = v.provider_id and a.authorizer_appid = v.authorizer_appid
          and a.isv_application_id = v.isv_application_id
      """
          + ClaimedCalls.WITH_COUNTS
          + """
      where s.ctid = wanted.place
      returning
      """
          + SliceRow.COLUMNS
          + ", "
          + SliceRow.BINDING
          + """
      , v.replaces, a.provider_id, a.authorizer_appid, a.isv_application_id, a.application_id,
      wanted.sent_at is not null as question,
      """
          + ClaimedCalls.CLEARANCE;

  static final String CLAIM_DUE = DUE + ClaimedCalls.COUNTED + TAKE;

  private static final String CLAIM_OF_ACTIVATION = OF_ACTIVATION + ClaimedCalls.COUNTED + TAKE;

  private static final String GIVE_BACK =
      """
      with held as materialized (
        select provider_id, activation_id, number, generation
        from code_activation_slice
        where lease_owner = ? and lease_until > now() and next_attempt_at is not null
        order by provider_id, activation_id, number
        for no key update)
      update code_activation_slice s set lease_owner = null, lease_until = null
      from held
      where s.provider_id = held.provider_id and s.activation_id = held.activation_id
        and s.number = held.number and s.generation = held.generation
      """;

  /** Which providers are visited next; any would do, but each is to have its turn. */
  private static final AtomicInteger ROUND = new AtomicInteger();

  private SliceClaims() {}

  /** Claims what is due, of all providers in turn, and counts the calls: for the worker's pool. */
  static List<ClaimedSlice> due(
      Connection connection, Instant now, int limit, String holder, Lease lease)
      throws SQLException {
    try (PreparedStatement claim = connection.prepareStatement(CLAIM_DUE)) {
      bindDue(claim, now, limit, ROUND.getAndIncrement(), holder, lease);
      return claimed(claim, now);
    }
  }

  static void bindDue(
      PreparedStatement claim, Instant now, int limit, int round, String holder, Lease lease)
      throws SQLException {
    for (int position : new int[] {1, 5, 7}) {
      claim.setObject(position, Columns.of(now));
    }
    for (int position : new int[] {2, 3, 6, 8}) {
      claim.setInt(position, limit);
    }
    claim.setInt(4, round & Integer.MAX_VALUE);
    bindTake(claim, 9, now, true, holder, lease);
  }

  /** Claims what is due of one activation, its first slices first, and counts the calls. */
  static List<ClaimedSlice> ofActivation(
      Connection connection,
      ProviderId provider,
      UUID activation,
      Instant now,
      int limit,
      String holder,
      Lease lease)
      throws SQLException {
    try (PreparedStatement claim = connection.prepareStatement(CLAIM_OF_ACTIVATION)) {
      claim.setObject(1, provider.value());
      claim.setObject(2, activation);
      claim.setObject(3, Columns.of(now));
      claim.setInt(4, limit);
      bindTake(claim, 5, now, false, holder, lease);
      return claimed(claim, now);
    }
  }

  static int giveBack(Connection connection, String holder) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(GIVE_BACK)) {
      update.setString(1, holder);
      return update.executeUpdate();
    }
  }

  private static void bindTake(
      PreparedStatement claim,
      int position,
      Instant now,
      boolean background,
      String holder,
      Lease lease)
      throws SQLException {
    int next = ClaimedCalls.bind(claim, position, now, background, 1);
    claim.setString(next, holder);
    claim.setString(next + 1, lease.interval());
    claim.setObject(next + 2, Columns.of(now));
  }

  private static List<ClaimedSlice> claimed(PreparedStatement claim, Instant now)
      throws SQLException {
    List<ClaimedSlice> claimed = new ArrayList<>();
    try (ResultSet rows = claim.executeQuery()) {
      while (rows.next()) {
        claimed.add(claimed(rows, now));
      }
    }
    return claimed;
  }

  private static ClaimedSlice claimed(ResultSet row, Instant now) throws SQLException {
    return new ClaimedSlice(
        ApplicationKey.read(row),
        row.getLong("application_id"),
        row.getObject("activation_id", UUID.class),
        SliceRow.binding(row),
        row.getBoolean("replaces"),
        SliceRow.read(row),
        row.getBoolean("question"),
        Clearance.read(row, now));
  }
}
