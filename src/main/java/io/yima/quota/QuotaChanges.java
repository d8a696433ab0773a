package io.yima.quota;

import io.yima.database.Columns;
import io.yima.tenancy.AuthorizerId;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes what calls came to for their quotas: in one round trip, and nothing for most of them. */
public final class QuotaChanges {

  /** A pause that ended so long ago is forgotten; the next one is short again. */
  private static final String SLOW_DOWNS =
      """
      (case when q.slow_downs > 0 and q.blocked_until > c.slowed_at - interval '10 minutes'
        then q.slow_downs + 1 else 1 end)""";

  /**
   * Calls made side by side are refused side by side: during a pause another refusal says nothing
   * new. Pauses take 30 seconds, then a minute, two and four. No pause shortens a parking, nor does
   * a refusal that comes late, of the day before.
   */
  private static final String CHANGE =
      """
      update api_quota q set
        calls = q.calls - case when q.day = c.day then least(q.calls, c.unsent) else 0 end,
        slow_downs = case
          when c.parked_until is not null then 0
          when c.slowed_at is null or q.blocked_until > c.slowed_at then q.slow_downs
          else"""
          + SLOW_DOWNS
          + """
       end,
        blocked_until = case
          when c.parked_until is not null
            then greatest(c.parked_until, case when q.slow_downs = 0 then q.blocked_until end)
          when c.slowed_at is null or q.blocked_until > c.slowed_at then q.blocked_until
          else c.slowed_at + interval '30 seconds' * power(2, least(4,"""
          + SLOW_DOWNS
          + """
      ) - 1) end
      from (values (?::date, ?::bigint, ?::timestamptz, ?::timestamptz))
        as c (day, unsent, parked_until, slowed_at)
      where q.provider_id = ? and q.authorizer_appid = ? and q.api = ?
      """;

  private record Row(AuthorizerId authorizer, String api, LocalDate countedOn) {

    private static final Comparator<Row> ORDER =
        Comparator.comparing((Row row) -> row.authorizer().provider().toString())
            .thenComparing(row -> row.authorizer().authorizerAppid())
            .thenComparing(Row::api)
            .thenComparing(Row::countedOn);
  }

  private QuotaChanges() {}

  /**
   * One row after the other in the order in which claims take them, byte by byte whatever the
   * database's collation, so that two nodes cannot wait for each other.
   */
  public static void write(Connection connection, List<QuotaChange> changes) throws SQLException {
    if (changes.isEmpty()) {
      return;
    }
    Map<Row, Sum> sums = new TreeMap<>(Row.ORDER);
    for (QuotaChange change : changes) {
      Row row = new Row(change.authorizer(), change.api(), change.countedOn());
      sums.computeIfAbsent(row, _ -> new Sum()).add(change);
    }
    try (PreparedStatement update = connection.prepareStatement(CHANGE)) {
      for (Map.Entry<Row, Sum> entry : sums.entrySet()) {
        bind(update, entry.getKey(), entry.getValue());
        update.addBatch();
      }
      update.executeBatch();
    }
  }

  private static void bind(PreparedStatement update, Row row, Sum sum) throws SQLException {
    update.setObject(1, row.countedOn());
    update.setLong(2, sum.unsent);
    update.setObject(3, sum.parkedUntil == null ? null : Columns.of(sum.parkedUntil));
    update.setObject(4, sum.slowedAt == null ? null : Columns.of(sum.slowedAt));
    update.setObject(5, row.authorizer().provider().value());
    update.setString(6, row.authorizer().authorizerAppid());
    update.setString(7, row.api());
  }

  /** What several calls of one interface, counted on one day, came to. */
  private static final class Sum {
    private long unsent;
    private @Nullable Instant parkedUntil;
    private @Nullable Instant slowedAt;

    private void add(QuotaChange change) {
      switch (change.effect()) {
        case UNSENT -> unsent++;
        case PARKED -> parkedUntil = later(parkedUntil, change.at());
        case SLOWED -> slowedAt = later(slowedAt, change.at());
      }
    }

    private static Instant later(@Nullable Instant one, Instant other) {
      return one == null || other.isAfter(one) ? other : one;
    }
  }
}
