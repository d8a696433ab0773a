package io.yima.codes;

import io.yima.database.ColumnArrays;
import io.yima.database.Columns;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The append-only history of applications. */
public final class History {

  /** An event and whose it is. */
  public record Entry(ApplicationKey key, ApplicationEvent event) {}

  /** An event as it was stored. */
  record Stored(
      UUID id,
      Instant at,
      String kind,
      @Nullable String fromState,
      @Nullable String toState,
      @Nullable Integer errcode,
      @Nullable String errmsg,
      @Nullable String rid,
      @Nullable String detail,
      @Nullable String actor,
      String node) {}

  private static final String APPEND =
      """
      insert into code_application_event (
        node, id, provider_id, authorizer_appid, isv_application_id, at, kind, from_state, to_state,
        errcode, errmsg, rid, detail, actor)
      select ?, e.* from unnest(
        ?::uuid[], ?::uuid[], ?::text[], ?::text[], ?::timestamptz[], ?::text[], ?::text[],
        ?::text[], ?::integer[], ?::text[], ?::text[], ?::text[], ?::text[]) as e
      on conflict on constraint code_application_event_pkey do nothing
      """;

  private static final String PAGE =
      """
      select id, at, kind, from_state, to_state, errcode, errmsg, rid, detail, actor, node
      from code_application_event
      where provider_id = ? and authorizer_appid = ? and isv_application_id = ?
        and (?::uuid is null or id > ?::uuid)
      order by id
      limit ?
      """;

  private History() {}

  /** Adds entries, of any applications and in one statement; the node is who tells. */
  public static void append(Connection connection, List<Entry> entries, String node)
      throws SQLException {
    if (entries.isEmpty()) {
      return;
    }
    try (PreparedStatement insert = connection.prepareStatement(APPEND)) {
      insert.setString(1, node);
      new ColumnArrays<>(connection, insert, entries, 1)
          .add("uuid", entry -> entry.event().id())
          .add("uuid", entry -> entry.key().provider().value())
          .add("text", entry -> entry.key().authorizer().authorizerAppid())
          .add("text", entry -> entry.key().isvApplicationId())
          .add("timestamptz", entry -> entry.event().at())
          .add("text", entry -> entry.event().kind().word())
          .add("text", entry -> entry.event().from())
          .add("text", entry -> entry.event().to())
          .add("integer", entry -> entry.event().errcode())
          .add("text", entry -> entry.event().errmsg())
          .add("text", entry -> entry.event().rid())
          .add("text", entry -> entry.event().detail())
          .add("text", entry -> entry.event().actor());
      insert.executeUpdate();
    }
  }

  /** Oldest first, from behind the event named. */
  static List<Stored> page(
      Connection connection, ApplicationKey key, @Nullable UUID after, int limit)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(PAGE)) {
      int next = key.bind(select, 1);
      select.setObject(next, after);
      select.setObject(next + 1, after);
      select.setInt(next + 2, limit);
      List<Stored> events = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          events.add(stored(rows));
        }
      }
      return events;
    }
  }

  private static Stored stored(ResultSet row) throws SQLException {
    return new Stored(
        row.getObject("id", UUID.class),
        Objects.requireNonNull(Columns.instant(row, "at")),
        row.getString("kind"),
        row.getString("from_state"),
        row.getString("to_state"),
        row.getObject("errcode", Integer.class),
        row.getString("errmsg"),
        row.getString("rid"),
        row.getString("detail"),
        row.getString("actor"),
        row.getString("node"));
  }
}
