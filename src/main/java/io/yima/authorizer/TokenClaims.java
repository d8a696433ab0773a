package io.yima.authorizer;

import io.yima.database.Columns;
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
import java.util.concurrent.atomic.AtomicInteger;

/** Takes token rows under this node's lease. A claim raises the generation. */
@ApplicationScoped
class TokenClaims {

  static final String DUE =
      """
      exists (select from authorizer_token t
        join provider p on p.id = t.provider_id and p.status = 'ACTIVE'
        where t.next_refresh_at <= ? and (t.lease_until is null or t.lease_until < now()))
      """;

  /**
   * What is longest due, and where that is not all, the first of the providers that have most of it
   * and of a hundred others, other ones each time, those in use and the rest; then turn by turn the
   * first of each provider, tokens that callers asked for within the hour before those that were
   * asked for before, those before what nobody misses, and by expiry. Rows are looked up one by one
   * in that order, because only a row that is still free may count.
   *
   * <p>However many rows statistics believe to be due, after an outage they are wrong. So each
   * condition is written in a way that fits one access path only: of two indexes on the due time
   * one holds it as UTC, providers are looked up and not joined, and rows that were found are
   * looked up by their place. A merchant that is not active has no due time.
   */
  static final String CLAIM_DUE =
      """
      with longest as materialized (
        select t.ctid as place, t.provider_id,
          case when not t.in_use then 0 when t.last_used_at > ? - interval '1 hour' then 2 else 1 end
            as wanted,
          t.access_token_expires_at as expires_at
        from authorizer_token t
        where t.next_refresh_at <= ? and (t.lease_until is null or t.lease_until < now())
          and (select p.status from provider p where p.id = t.provider_id) = 'ACTIVE'
        order by t.next_refresh_at limit 2 * ?),
      behind as materialized (
        select provider_id as id, count(*) over () as providers from longest
        where (select count(*) from longest) = 2 * ?
        group by provider_id order by count(*) desc limit 10),
      visited as (
        select id, greatest(10, 2 * ? / providers) as share from behind
        union all
        select id, 10 from (
          select p.id, row_number() over (order by p.id) as number, count(*) over () as active
          from provider p
          where p.status = 'ACTIVE' and (select count(*) from longest) = 2 * ?) p
        where mod(number + ?, (active + 99) / 100) = 0 and id not in (select id from behind)),
      candidates as (
        select * from longest
        union
        select first.* from visited v
          cross join (values (true), (false)) as use (in_use)
          cross join lateral (
            select t.ctid, t.provider_id,
              case when not t.in_use then 0
                when t.last_used_at > ? - interval '1 hour' then 2 else 1 end,
              t.access_token_expires_at
            from authorizer_token t
            where t.provider_id = v.id and t.in_use = use.in_use
              and timezone('UTC', t.next_refresh_at) <= timezone('UTC', ?)
              and (t.lease_until is null or t.lease_until < now())
            order by timezone('UTC', t.next_refresh_at) limit v.share) first),
      turns as materialized (
        select place, expires_at,
          row_number() over (partition by provider_id
            order by wanted desc, expires_at nulls first) as turn
        from candidates
        order by turn, expires_at nulls first),
      due as materialized (
        select turns.place
        from turns cross join lateral (
          select from authorizer_token t
          where t.ctid = turns.place and coalesce(
            t.next_refresh_at <= ? and (t.lease_until is null or t.lease_until < now()), false)
          for update skip locked) free
        limit ?)
      update authorizer_token t
        set generation = t.generation + 1, lease_owner = ?, lease_until = now() + ?::interval
      where t.ctid = any (array (select place from due))
      returning
      """
          + ClaimedToken.COLUMNS
          + """
          , (select a.status from authorizer a
            where a.provider_id = t.provider_id and a.authorizer_appid = t.authorizer_appid)
            as status
          """;

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
          + ClaimedToken.COLUMNS
          + ", a.status";

  /** Rows are locked in the order in which results are written. */
  private static final String GIVE_BACK =
      """
      with held as materialized (
        select provider_id, authorizer_appid, generation
        from authorizer_token
        where lease_owner = ? and lease_until >= now()
        order by provider_id, authorizer_appid collate "C"
        for no key update)
      update authorizer_token t set lease_owner = null, lease_until = null
      from held
      where t.provider_id = held.provider_id and t.authorizer_appid = held.authorizer_appid
        and t.generation = held.generation
      """;

  private final WorkerDatabase database;
  private final ProviderTransactions transactions;
  private final Node node;

  /** Which providers are visited next; any would do, but each is to have its turn. */
  private final AtomicInteger round = new AtomicInteger();

  TokenClaims(WorkerDatabase database, ProviderTransactions transactions, Node node) {
    this.database = database;
    this.transactions = transactions;
    this.node = node;
  }

  /**
   * Due rows of active merchants of active providers: each provider's in turn, tokens that callers
   * ask for first.
   */
  List<ClaimedToken> due(Instant now, int limit, Lease lease) {
    return database.transaction(
        connection -> {
          try (PreparedStatement claim = connection.prepareStatement(CLAIM_DUE)) {
            bind(claim, now, limit, round.getAndIncrement(), node.name(), lease);
            return claimed(claim);
          }
        });
  }

  static void bind(
      PreparedStatement claim, Instant now, int limit, int round, String holder, Lease lease)
      throws SQLException {
    for (int position : new int[] {1, 2, 8, 9, 10}) {
      claim.setObject(position, Columns.of(now));
    }
    for (int position : new int[] {3, 4, 5, 6, 11}) {
      claim.setInt(position, limit);
    }
    claim.setInt(7, round & Integer.MAX_VALUE);
    claim.setString(12, holder);
    claim.setString(13, lease.interval());
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
