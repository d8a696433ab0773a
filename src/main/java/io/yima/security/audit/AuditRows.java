package io.yima.security.audit;

import io.yima.database.Ids;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The statements that write the trail. */
final class AuditRows {

  private static final String INSERT =
      """
      insert into audit_event (
        at, last_at, count, key_id, key_name, actor, request_id, node, provider_id, id, action,
        authorizer_appid, object, detail)
      select ?::timestamptz, ?::timestamptz, 1, ?::uuid, ?::text, ?::text, ?::text, ?::text, e.*
      from unnest(?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::text[], ?::text[]) as e
      """;

  // In one order, for the same reason as below. Several reads may belong to the same row.
  private static final String FIRST_READS =
      """
      insert into audit_event as e (
        provider_id, id, at, last_at, count, action, authorizer_appid, key_id, key_name, actor,
        request_id, node)
      select v.provider_id, v.id, min(v.at), max(v.at), count(*), ?, v.authorizer_appid, v.key_id,
        v.key_name, v.actor, (array_agg(v.request_id order by v.at))[1], ?
      from unnest(?::uuid[], ?::uuid[], ?::timestamptz[], ?::text[], ?::uuid[], ?::text[],
            ?::text[], ?::text[])
          as v(provider_id, id, at, authorizer_appid, key_id, key_name, actor, request_id)
      group by v.provider_id, v.id, v.authorizer_appid, v.key_id, v.key_name, v.actor
      order by v.provider_id, v.id
      on conflict (provider_id, id) do update set
        count = e.count + excluded.count, last_at = greatest(e.last_at, excluded.last_at)
      """;

  // Locked in one order, or two nodes that add to the same rows could wait for each other.
  private static final String ADD =
      """
      with counted as materialized (
        select e.provider_id, e.id, v.count, v.last_at
        from unnest(?::uuid[], ?::uuid[], ?::bigint[], ?::timestamptz[])
            as v(provider_id, id, count, last_at)
          join audit_event e on e.provider_id = v.provider_id and e.id = v.id
        order by e.provider_id, e.id
        for update of e)
      update audit_event e set
        count = e.count + counted.count, last_at = greatest(e.last_at, counted.last_at)
      from counted where e.provider_id = counted.provider_id and e.id = counted.id
      """;

  private AuditRows() {}

  /** What one request did: all at once, under ids made here. */
  static void insert(
      Connection connection, List<AuditEntry> entries, Doer doer, Instant at, String node)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert.setObject(1, at.atOffset(ZoneOffset.UTC));
      insert.setObject(2, at.atOffset(ZoneOffset.UTC));
      insert.setObject(3, doer.keyId());
      insert.setString(4, doer.keyName());
      insert.setString(5, doer.actor());
      insert.setString(6, doer.requestId());
      insert.setString(7, node);
      bind(connection, insert, 8, "uuid", entries, entry -> entry.provider().value());
      bind(connection, insert, 9, "uuid", entries, _ -> Ids.next());
      bind(connection, insert, 10, "text", entries, entry -> entry.action().word());
      bind(connection, insert, 11, "text", entries, AuditEntry::authorizerAppid);
      bind(connection, insert, 12, "text", entries, AuditEntry::object);
      bind(connection, insert, 13, "text", entries, AuditEntry::detail);
      insert.executeUpdate();
    }
  }

  /** Stores the first reads of a minute, or counts them with those that are there. */
  static int firstReads(Connection connection, List<FirstRead> reads, String node)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(FIRST_READS)) {
      insert.setString(1, AuditAction.TOKEN_READ.word());
      insert.setString(2, node);
      bind(connection, insert, 3, "uuid", reads, read -> read.authorizer().provider().value());
      bind(connection, insert, 4, "uuid", reads, FirstRead::id);
      bind(connection, insert, 5, "timestamptz", reads, FirstRead::at);
      bind(connection, insert, 6, "text", reads, read -> read.authorizer().authorizerAppid());
      bind(connection, insert, 7, "uuid", reads, read -> read.doer().keyId());
      bind(connection, insert, 8, "text", reads, read -> read.doer().keyName());
      bind(connection, insert, 9, "text", reads, read -> read.doer().actor());
      bind(connection, insert, 10, "text", reads, read -> read.doer().requestId());
      return insert.executeUpdate();
    }
  }

  /** Counts further ones of rows that are there. */
  static int add(Connection connection, List<Tally.Counted> further) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(ADD)) {
      bind(connection, update, 1, "uuid", further, counted -> counted.tally().provider().value());
      bind(connection, update, 2, "uuid", further, counted -> counted.tally().id());
      bind(connection, update, 3, "bigint", further, Tally.Counted::count);
      bind(connection, update, 4, "timestamptz", further, Tally.Counted::lastAt);
      return update.executeUpdate();
    }
  }

  private static <R> void bind(
      Connection connection,
      PreparedStatement statement,
      int position,
      String type,
      List<R> rows,
      Function<R, @Nullable Object> column)
      throws SQLException {
    @Nullable String[] values =
        rows.stream()
            .map(column)
            .map(value -> Objects.toString(value, null))
            .toArray(String[]::new);
    statement.setArray(position, connection.createArrayOf(type, values));
  }
}
