package io.yima.quota;

import io.yima.database.Columns;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.ApiQuota;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How many calls of an interface were made for a merchant today, and how many more may be. */
public final class ApiQuotas {

  /** Beyond this a number is no limit but nonsense, and would overflow what is computed of it. */
  private static final long MOST = 1_000_000_000_000L;

  /** Today's counts of a row: those of another day count for nothing. */
  static final String CALLS = "(case when q.day < excluded.day then 0 else q.calls end)";

  static final String ELSEWHERE =
      "(case when q.day < excluded.day then 0 else q.calls_elsewhere end)";

  private static final String COUNT =
      """
      insert into api_quota as q (provider_id, authorizer_appid, api, day, calls, granted)
      values (?, ?, ?, ?, 1, 1)
      on conflict on constraint api_quota_pkey do update set
        day = greatest(q.day, excluded.day),
        granted = 1,
      """
          + "  calls = "
          + CALLS
          + " + 1,\n  calls_elsewhere = "
          + ELSEWHERE;

  private static final String PARKED_UNTIL =
      """
      select blocked_until from api_quota
      where provider_id = ? and authorizer_appid = ? and api = ? and blocked_until > ?
        and slow_downs = 0
      """;

  private static final String OF_DAY =
      """
      select api, case when day < ? then 0 else calls end as calls, blocked_until, slow_downs
      from api_quota where provider_id = ? and authorizer_appid = ?
      """;

  /** What WeChat leaves out, or says that makes no sense, changes nothing. */
  private static final String LEARN =
      """
      insert into api_quota as q
        (provider_id, authorizer_appid, api, day, daily_limit, calls_elsewhere)
      values (?, ?, ?, ?, ?, coalesce(?::bigint, 0))
      on conflict on constraint api_quota_pkey do update set
        day = greatest(q.day, excluded.day),
        daily_limit = coalesce(excluded.daily_limit, q.daily_limit),
        blocked_until = case when ? and q.slow_downs = 0 then null else q.blocked_until end,
      """
          + "  calls = "
          + CALLS
          + ",\n  calls_elsewhere = coalesce(greatest(0, ?::bigint - "
          + CALLS
          + "), "
          + ELSEWHERE
          + ")";

  /** What a merchant's interface has come to on a day. */
  public record Standing(long calls, @Nullable Instant parkedUntil, @Nullable Instant slowedUntil) {

    /** Of an interface that was never called. */
    public static final Standing UNUSED = new Standing(0, null, null);
  }

  private ApiQuotas() {}

  /** Counts one call that is about to be made, whatever the quota says. */
  public static int count(Connection connection, AuthorizerId authorizer, String api, LocalDate day)
      throws SQLException {
    try (PreparedStatement upsert = connection.prepareStatement(COUNT)) {
      bind(upsert, 1, authorizer);
      upsert.setString(3, api);
      upsert.setObject(4, day);
      return upsert.executeUpdate();
    }
  }

  /** Until when the day's quota is used up; empty when it is not. */
  public static Optional<Instant> parkedUntil(
      Connection connection, AuthorizerId authorizer, String api, Instant now) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(PARKED_UNTIL)) {
      bind(select, 1, authorizer, api, now);
      try (ResultSet row = select.executeQuery()) {
        return parkedUntil(row);
      }
    }
  }

  /** The same in a transaction of its own, in one round trip. */
  public static Optional<Instant> parkedUntil(
      ProviderTransactions transactions, AuthorizerId authorizer, String api, Instant now) {
    return transactions.query(
        authorizer.provider(),
        PARKED_UNTIL,
        (query, first) -> bind(query, first, authorizer, api, now),
        ApiQuotas::parkedUntil);
  }

  private static void bind(
      PreparedStatement select, int first, AuthorizerId authorizer, String api, Instant now)
      throws SQLException {
    bind(select, first, authorizer);
    select.setString(first + 2, api);
    select.setObject(first + 3, Columns.of(now));
  }

  private static Optional<Instant> parkedUntil(ResultSet row) throws SQLException {
    return row.next()
        ? Optional.ofNullable(Columns.instant(row, "blocked_until"))
        : Optional.empty();
  }

  /** A merchant's interfaces by name, as they stand now; those never used are left out. */
  public static Map<String, Standing> standing(
      Connection connection, AuthorizerId authorizer, Instant now) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(OF_DAY)) {
      select.setObject(1, ShanghaiDay.of(now));
      bind(select, 2, authorizer);
      Map<String, Standing> standing = new HashMap<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          standing.put(row.getString("api"), standing(row, now));
        }
      }
      return standing;
    }
  }

  /** Keeps what WeChat told; a quota of which something remains is not used up. */
  static void learn(
      Connection connection, AuthorizerId authorizer, String api, LocalDate day, ApiQuota told)
      throws SQLException {
    Long used = told.used() == null || told.used() > MOST ? null : told.used();
    try (PreparedStatement upsert = connection.prepareStatement(LEARN)) {
      bind(upsert, 1, authorizer);
      upsert.setString(3, api);
      upsert.setObject(4, day);
      upsert.setObject(5, isLimit(told.dailyLimit()) ? told.dailyLimit() : null);
      upsert.setObject(6, used);
      upsert.setBoolean(7, told.remain() != null && told.remain() > 0);
      upsert.setObject(8, used);
      upsert.executeUpdate();
    }
  }

  private static boolean isLimit(long dailyLimit) {
    return dailyLimit >= 1 && dailyLimit <= MOST;
  }

  private static Standing standing(ResultSet row, Instant now) throws SQLException {
    Instant blockedUntil = Columns.instant(row, "blocked_until");
    Instant until = blockedUntil != null && blockedUntil.isAfter(now) ? blockedUntil : null;
    boolean slowed = row.getInt("slow_downs") > 0;
    return new Standing(row.getLong("calls"), slowed ? null : until, slowed ? until : null);
  }

  private static void bind(PreparedStatement statement, int position, AuthorizerId authorizer)
      throws SQLException {
    statement.setObject(position, authorizer.provider().value());
    statement.setString(position + 1, authorizer.authorizerAppid());
  }
}
