package io.yima.authorizer;

import io.yima.database.Columns;
import io.yima.database.WorkerDatabase;
import io.yima.provider.TokenLease;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import io.yima.wechat.AuthorizerPage.Listed;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Writes what WeChat's list of merchants says, a page at a time. */
@ApplicationScoped
class ListedRows {

  /** A merchant to be asked about, and its row's version at that time. */
  record Doubtful(AuthorizerId id, AuthorizerStatus status, int version) {}

  /**
   * What a page brought.
   *
   * @param missed how many merchants were not known here
   * @param recovered how many refresh tokens were missing here
   */
  record Stored(int missed, int recovered) {}

  private static final String NOTE_LISTED =
      """
      insert into authorizer as a (provider_id, authorizer_appid, status, mini_program,
        permission_sets, authorized_at, listed_at, version)
      select ?, v.authorizer_appid, 'ACTIVE', false, '{}', v.authorized_at, ?, 0
      from unnest(?::text[], ?::timestamptz[]) as v(authorizer_appid, authorized_at)
      on conflict (provider_id, authorizer_appid) do update set listed_at = excluded.listed_at
      returning xmax = 0
      """;

  /**
   * New merchants get their first token from the refresh token listed. Of ours only those profit
   * whose refresh token is missing, given up or fails: a working one may be newer than the list. So
   * is whatever WeChat was asked for since, or shortly before: the call may have taken as long.
   */
  private static final String STORE_REFRESH_TOKENS =
      """
      insert into authorizer_token as t (provider_id, authorizer_appid, refresh_token,
        next_refresh_at, generation, bucket)
      select ?, v.authorizer_appid, v.refresh_token, v.due, 0, v.bucket
      from unnest(?::text[], ?::bytea[], ?::timestamptz[], ?::smallint[])
        as v(authorizer_appid, refresh_token, due, bucket)
      on conflict (provider_id, authorizer_appid) do update set
        refresh_token = coalesce(t.refresh_token, excluded.refresh_token),
        candidate_refresh_token = case when t.refresh_token is null
          then t.candidate_refresh_token else excluded.refresh_token end,
        candidate_asked_at = case when t.refresh_token is null
          then t.candidate_asked_at else ? end,
        next_refresh_at = case when t.next_refresh_at is null or t.refresh_token is not null
          then t.next_refresh_at else excluded.next_refresh_at end,
        generation = t.generation + 1, lease_owner = null, lease_until = null
      where excluded.refresh_token is not null
        and (t.refresh_token is null
          or (t.refreshed_at is null or t.refreshed_at <= ?)
            and (t.candidate_refresh_token is null or t.candidate_asked_at is null
              or t.candidate_asked_at <= ?)
            and (t.attempts > 0 and (t.lease_until is null or t.lease_until < now())
              or exists (select from authorizer a
                where a.provider_id = t.provider_id and a.authorizer_appid = t.authorizer_appid
                  and a.status <> 'ACTIVE')))
      returning xmax <> 0 and refresh_token = any (?)
      """;

  /**
   * Not asked since this comparison began, and: active but its profile is old or the list lacks it,
   * or given up although the list has it.
   */
  private static final String DOUBTFUL =
      """
      select authorizer_appid, status, version from authorizer
      where provider_id = ? and (profile_asked_at is null or profile_asked_at < ?)
        and (status = 'ACTIVE' and (profile_asked_at is null or profile_asked_at < ?
            or listed_at is distinct from ?)
          or status <> 'ACTIVE' and listed_at = ?)
      order by profile_asked_at nulls first limit ?
      """;

  /** Rows are locked in the order in which a page of the list is stored. */
  private static final String NOTE_ASKED =
      """
      with asked as materialized (
        select a.authorizer_appid
        from authorizer a
          join unnest(?::text[], ?::int[]) as v(authorizer_appid, version)
            on v.authorizer_appid = a.authorizer_appid
        where a.provider_id = ? and (a.version = v.version or a.status <> 'ACTIVE')
        order by a.authorizer_appid collate "C"
        for no key update of a)
      update authorizer a set profile_asked_at = ?
      from asked
      where a.provider_id = ? and a.authorizer_appid = asked.authorizer_appid
      """;

  private static final Duration EXCHANGE_PATIENCE = Duration.ofMinutes(15);

  private final WorkerDatabase database;
  private final TokenSeals seals;
  private final Duration longestCall;

  ListedRows(WorkerDatabase database, TokenSeals seals, TokenLease lease) {
    this.database = database;
    this.seals = seals;
    this.longestCall = lease.lease().duration();
  }

  /**
   * One page; a merchant that it names twice counts once.
   *
   * @param askedAt when WeChat was asked for it
   */
  Stored store(
      ProviderId provider, List<Listed> page, Instant startedAt, Instant askedAt, Instant now) {
    TreeMap<AuthorizerId, Listed> distinct =
        new TreeMap<>(Comparator.comparing(AuthorizerId::authorizerAppid));
    page.stream()
        .filter(one -> AuthorizerId.isAppid(one.authorizerAppid()))
        .forEach(one -> distinct.merge(idOf(provider, one), one, ListedRows::better));
    Collection<Listed> listed = distinct.values();
    return database.transaction(
        connection -> {
          int missed = noteListed(connection, provider, listed, startedAt, now);
          return new Stored(missed, storeRefreshTokens(connection, provider, listed, askedAt, now));
        });
  }

  List<Doubtful> doubtful(ClaimedReconciliation claim, Duration every, int limit) {
    return database.transaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(DOUBTFUL)) {
            select.setObject(1, claim.provider().value());
            select.setObject(2, Columns.of(claim.startedAt()));
            // Half the time between comparisons: each asks everyone, a second one soon after not.
            select.setObject(3, Columns.of(claim.startedAt().minus(every.dividedBy(2))));
            select.setObject(4, Columns.of(claim.startedAt()));
            select.setObject(5, Columns.of(claim.startedAt()));
            select.setInt(6, limit);
            return doubtful(claim.provider(), select);
          }
        });
  }

  void noteAsked(ProviderId provider, Collection<Doubtful> asked, Instant now) {
    database.transaction(
        connection -> {
          try (PreparedStatement update = connection.prepareStatement(NOTE_ASKED)) {
            update.setArray(1, array(connection, "text", asked, d -> d.id().authorizerAppid()));
            update.setArray(2, array(connection, "int", asked, Doubtful::version));
            update.setObject(3, provider.value());
            update.setObject(4, Columns.of(now));
            update.setObject(5, provider.value());
            return update.executeUpdate();
          }
        });
  }

  private static Listed better(Listed one, Listed other) {
    return one.refreshToken() == null ? other : one;
  }

  private static AuthorizerId idOf(ProviderId provider, Listed listed) {
    return new AuthorizerId(provider, listed.authorizerAppid());
  }

  private static int noteListed(
      Connection connection,
      ProviderId provider,
      Collection<Listed> listed,
      Instant startedAt,
      Instant now)
      throws SQLException {
    try (PreparedStatement upsert = connection.prepareStatement(NOTE_LISTED)) {
      upsert.setObject(1, provider.value());
      upsert.setObject(2, Columns.of(startedAt));
      upsert.setArray(3, array(connection, "text", listed, Listed::authorizerAppid));
      upsert.setArray(
          4, array(connection, "timestamptz", listed, one -> Columns.of(authorizedAt(one, now))));
      return trueOnes(upsert);
    }
  }

  private int storeRefreshTokens(
      Connection connection,
      ProviderId provider,
      Collection<Listed> listed,
      Instant askedAt,
      Instant now)
      throws SQLException {
    try (PreparedStatement upsert = connection.prepareStatement(STORE_REFRESH_TOKENS)) {
      upsert.setObject(1, provider.value());
      upsert.setArray(2, array(connection, "text", listed, Listed::authorizerAppid));
      Array refreshTokens =
          connection.createArrayOf(
              "bytea",
              listed.stream()
                  .map(one -> seals.sealRefresh(idOf(provider, one), one.refreshToken()))
                  .toArray(byte[][]::new));
      upsert.setArray(3, refreshTokens);
      upsert.setArray(
          4, array(connection, "timestamptz", listed, one -> Columns.of(due(one, now))));
      upsert.setArray(
          5, array(connection, "smallint", listed, one -> idOf(provider, one).bucket()));
      // Whatever a call brought that may have been under way then counts as newer.
      upsert.setObject(6, Columns.of(askedAt.minus(longestCall)));
      upsert.setObject(7, Columns.of(askedAt));
      upsert.setObject(8, Columns.of(askedAt.minus(longestCall)));
      upsert.setArray(9, refreshTokens);
      return trueOnes(upsert);
    }
  }

  private static int trueOnes(PreparedStatement statement) throws SQLException {
    int trueOnes = 0;
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        trueOnes += rows.getBoolean(1) ? 1 : 0;
      }
    }
    return trueOnes;
  }

  /**
   * Listed without a refresh token: its authorization code was not exchanged yet, and may be on its
   * way to us at this moment.
   */
  private static Instant due(Listed one, Instant now) {
    if (one.refreshToken() != null) {
      return now;
    }
    Instant exchanged = authorizedAt(one, now).plus(EXCHANGE_PATIENCE);
    return exchanged.isAfter(now) ? exchanged : now;
  }

  private static Instant authorizedAt(Listed one, Instant now) {
    Long seconds = one.authTime();
    if (seconds == null || seconds <= 0 || seconds > now.getEpochSecond()) {
      return now;
    }
    return Instant.ofEpochSecond(seconds);
  }

  private static List<Doubtful> doubtful(ProviderId provider, PreparedStatement select)
      throws SQLException {
    List<Doubtful> doubtful = new ArrayList<>();
    try (ResultSet rows = select.executeQuery()) {
      while (rows.next()) {
        doubtful.add(
            new Doubtful(
                new AuthorizerId(provider, rows.getString("authorizer_appid")),
                AuthorizerStatus.valueOf(rows.getString("status")),
                rows.getInt("version")));
      }
    }
    return doubtful;
  }

  private static <T> Array array(
      Connection connection, String type, Collection<T> of, Function<T, @Nullable Object> value)
      throws SQLException {
    return connection.createArrayOf(type, of.stream().map(value).toArray());
  }
}
