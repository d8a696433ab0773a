package io.yima.activations;

import io.yima.activations.CodeActivation.Standing;
import io.yima.activations.CodeActivation.Wish;
import io.yima.codes.ApplicationKey;
import io.yima.database.ColumnArrays;
import io.yima.database.Columns;
import io.yima.tenancy.ProviderTransactions;
import io.yima.wechat.ApplicationStatus.CodeRange;
import io.yima.work.LastError;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The statements about activations of one application. */
final class ActivationRows {

  private static final String INSERT =
      """
      insert into code_activation (
        provider_id, authorizer_appid, isv_application_id, id, activity_name, product_brand,
        product_title, product_code, wxa_appid, wxa_path, wxa_type, code_start, code_end, replaces,
        requested_by, actor, requested_at)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String INSERT_SLICES =
      """
      insert into code_activation_slice (
        provider_id, authorizer_appid, isv_application_id, activation_id, number, code_start,
        code_end, state, sent_at, blocked, next_attempt_at, attempts, last_error)
      select ?, ?, ?, ?, n.*
      from unnest(
        ?::integer[], ?::bigint[], ?::bigint[], ?::text[], ?::timestamptz[], ?::boolean[],
        ?::timestamptz[], ?::integer[], ?::jsonb[]) as n
      """;

  private static final String HIGHEST_NUMBER =
      """
      select max(number) from code_activation_slice
      where provider_id = ? and activation_id = ?
      """;

  /**
   * Those that hold their codes, or of them only those that WeChat has not confirmed; in the order
   * in which {@link SliceRecords} locks.
   */
  private static final String OVERLAPPING =
      "select "
          + SliceRow.COLUMNS
          + """
      from code_activation_slice s
      where s.provider_id = ? and s.authorizer_appid = ? and s.isv_application_id = ?
        and s.code_start <= ? and s.code_end >= ?
        and (s.state = 'ACTIVATING' or (? and s.state = 'ACTIVATED'))
      order by s.activation_id, s.number
      """;

  /** Whoever claimed it meanwhile goes first. */
  private static final String REPLACE =
      """
      update code_activation_slice s set
        state = 'REPLACED', sent_at = null, blocked = false, next_attempt_at = null,
        generation = s.generation + 1
      where s.provider_id = ? and s.activation_id = ? and s.number = ? and s.generation = ?
        and s.state = 'ACTIVATING' and (s.lease_until is null or s.lease_until < now())
      """;

  private static final String SUMMARY =
      "select v.id, v.provider_id, v.authorizer_appid, v.isv_application_id, v.code_start,"
          + " v.code_end, v.replaces, v.requested_by, v.actor, v.requested_at, "
          + SliceRow.BINDING
          + """
      , t.*
      from code_activation v cross join lateral (
        select count(*) filter (where s.state = 'ACTIVATING') as activating,
          count(*) filter (where s.state = 'ACTIVATED') as activated,
          count(*) filter (where s.state = 'REJECTED') as rejected,
          count(*) filter (where s.state = 'REPLACED') as replaced,
          coalesce(sum(s.code_end - s.code_start + 1) filter (where s.state = 'ACTIVATED'), 0)
            as codes_activated,
          bool_or(s.blocked) as blocked, min(s.next_attempt_at) as next_attempt_at,
          (array_agg(s.last_error order by s.number)
            filter (where s.last_error is not null and s.state <> 'REPLACED'))[1] as last_error
        from code_activation_slice s
        where s.provider_id = v.provider_id and s.activation_id = v.id) t
      where v.provider_id = ? and v.authorizer_appid = ? and v.isv_application_id = ?
      """;

  private static final String NEWEST =
      """
      select id from code_activation
      where provider_id = ? and authorizer_appid = ? and isv_application_id = ?
      order by id desc limit 1
      """;

  private static final String FIND = SUMMARY + " and v.id = ?";

  /** The one that came last of those that hold any code of a range. */
  private static final String LAST =
      SUMMARY
          + """
       and v.id = (
        select s.activation_id from code_activation_slice s
        where s.provider_id = ? and s.authorizer_appid = ? and s.isv_application_id = ?
          and s.code_start <= ? and s.code_end >= ? and s.state in ('ACTIVATING', 'ACTIVATED')
        order by s.activation_id desc limit 1)
      """;

  /**
   * Not what waits for the review of a bar code, which takes its day. Late results of the turn that
   * was refused must not meet the one that comes now. Locked as {@link SliceRecords} does.
   */
  private static final String WAKE =
      """
      with waiting as materialized (
        select provider_id, activation_id, number
        from code_activation_slice
        where provider_id = ? and activation_id = ?
          and (lease_until is null or lease_until < now())
          and (state = 'REJECTED'
            or (state = 'ACTIVATING' and next_attempt_at > ?
              and coalesce(last_error ->> 'code', '') <> 'bar_code_review'))
        order by provider_id, activation_id, number
        for no key update)
      update code_activation_slice s set
        state = 'ACTIVATING', next_attempt_at = ?,
        generation = s.generation + case when s.state = 'REJECTED' then 1 else 0 end
      from waiting w
      where s.provider_id = w.provider_id and s.activation_id = w.activation_id
        and s.number = w.number
      """;

  private static final String PAGE = SUMMARY + " and v.id < ? order by v.id desc limit ?";

  private static final String SLICES =
      "select "
          + SliceRow.COLUMNS
          + """
      from code_activation_slice s
      where s.provider_id = ? and s.activation_id = ? order by s.code_start, s.number
      """;

  /** A slice and the activation that it is of. */
  record Overlap(UUID activation, Slice slice) {}

  private ActivationRows() {}

  static void insert(
      Connection connection, ApplicationKey key, UUID id, Wish wish, List<Slice> slices)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      int next = key.bind(insert, 1);
      insert.setObject(next++, id);
      insert.setString(next++, wish.binding().activityName());
      insert.setString(next++, wish.binding().productBrand());
      insert.setString(next++, wish.binding().productTitle());
      insert.setString(next++, wish.binding().productCode());
      insert.setString(next++, wish.binding().wxaAppid());
      insert.setString(next++, wish.binding().wxaPath());
      insert.setInt(next++, wish.binding().wxaType());
      insert.setLong(next++, wish.range().codeStart());
      insert.setLong(next++, wish.range().codeEnd());
      insert.setBoolean(next++, wish.replaces());
      insert.setString(next++, wish.requestedBy());
      insert.setString(next++, wish.actor());
      insert.setObject(next, Columns.of(wish.requestedAt()));
      insert.executeUpdate();
    }
    insertSlices(connection, key, id, slices);
  }

  /** The slices of the application that have any code of the range. */
  static List<Overlap> overlapping(
      Connection connection, ApplicationKey key, CodeRange range, boolean withActivated)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(OVERLAPPING)) {
      int next = key.bind(select, 1);
      select.setLong(next, range.codeEnd());
      select.setLong(next + 1, range.codeStart());
      select.setBoolean(next + 2, withActivated);
      List<Overlap> overlaps = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          overlaps.add(
              new Overlap(rows.getObject("activation_id", UUID.class), SliceRow.read(rows)));
        }
      }
      return overlaps;
    }
  }

  /**
   * Takes the range out of a slice that WeChat has not confirmed: what is left of it on either side
   * goes on. False when somebody is at it.
   */
  static boolean replace(
      Connection connection, ApplicationKey key, Overlap overlap, CodeRange taken)
      throws SQLException {
    Slice slice = overlap.slice();
    try (PreparedStatement update = connection.prepareStatement(REPLACE)) {
      update.setObject(1, key.provider().value());
      update.setObject(2, overlap.activation());
      update.setInt(3, slice.number());
      update.setLong(4, slice.generation());
      if (update.executeUpdate() == 0) {
        return false;
      }
    }
    List<CodeRange> rest = slice.outside(taken);
    if (!rest.isEmpty()) {
      int number = highestNumber(connection, key, overlap.activation());
      List<Slice> remainders = new ArrayList<>();
      for (CodeRange range : rest) {
        remainders.add(slice.restOf(++number, range));
      }
      insertSlices(connection, key, overlap.activation(), remainders);
    }
    return true;
  }

  /** The id of the application's activation that came last; empty while it has none. */
  static Optional<UUID> newest(Connection connection, ApplicationKey key) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(NEWEST)) {
      key.bind(select, 1);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(row.getObject("id", UUID.class)) : Optional.empty();
      }
    }
  }

  static Optional<CodeActivation> find(Connection connection, ApplicationKey key, UUID id)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(FIND)) {
      int next = key.bind(select, 1);
      select.setObject(next, id);
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(read(row)) : Optional.empty();
      }
    }
  }

  /** The one that came last of those that have bound any of the codes, or are about to. */
  static Optional<CodeActivation> last(Connection connection, ApplicationKey key, CodeRange range)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(LAST)) {
      int next = key.bind(select, key.bind(select, 1));
      select.setLong(next, range.codeEnd());
      select.setLong(next + 1, range.codeStart());
      try (ResultSet row = select.executeQuery()) {
        return row.next() ? Optional.of(read(row)) : Optional.empty();
      }
    }
  }

  /** Makes due what WeChat refused, or has yet to confirm; gives how many slices. */
  static int wake(Connection connection, CodeActivation activation, Instant now)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(WAKE)) {
      update.setObject(1, activation.application().provider().value());
      update.setObject(2, activation.id());
      update.setObject(3, Columns.of(now));
      update.setObject(4, Columns.of(now));
      return update.executeUpdate();
    }
  }

  /** Newest first in one query, from behind the activation named. */
  static List<CodeActivation> page(
      ProviderTransactions transactions, ApplicationKey key, UUID after, int limit) {
    return transactions.query(
        key.provider(),
        PAGE,
        (query, first) -> {
          int next = key.bind(query, first);
          query.setObject(next, after);
          query.setInt(next + 1, limit);
        },
        rows -> {
          List<CodeActivation> page = new ArrayList<>();
          while (rows.next()) {
            page.add(read(rows));
          }
          return page;
        });
  }

  /** By their codes. */
  static List<Slice> slices(Connection connection, ApplicationKey key, UUID id)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(SLICES)) {
      select.setObject(1, key.provider().value());
      select.setObject(2, id);
      List<Slice> slices = new ArrayList<>();
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          slices.add(SliceRow.read(rows));
        }
      }
      return slices;
    }
  }

  private static void insertSlices(
      Connection connection, ApplicationKey key, UUID id, List<Slice> slices) throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT_SLICES)) {
      int next = key.bind(insert, 1);
      insert.setObject(next, id);
      new ColumnArrays<>(connection, insert, slices, next)
          .add("integer", Slice::number)
          .add("bigint", slice -> slice.range().codeStart())
          .add("bigint", slice -> slice.range().codeEnd())
          .add("text", Slice::state)
          .add("timestamptz", Slice::sentAt)
          .add("boolean", slice -> slice.sync().blocked())
          .add("timestamptz", slice -> slice.sync().nextSyncAt())
          .add("integer", slice -> slice.sync().attempts())
          .add("jsonb", ActivationRows::lastError);
      insert.executeUpdate();
    }
  }

  private static @Nullable Object lastError(Slice slice) {
    LastError error = slice.sync().lastError();
    return error == null ? null : error.toJson();
  }

  private static int highestNumber(Connection connection, ApplicationKey key, UUID id)
      throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(HIGHEST_NUMBER)) {
      select.setObject(1, key.provider().value());
      select.setObject(2, id);
      try (ResultSet row = select.executeQuery()) {
        row.next();
        return row.getInt(1);
      }
    }
  }

  private static CodeActivation read(ResultSet row) throws SQLException {
    return new CodeActivation(
        row.getObject("id", UUID.class),
        ApplicationKey.read(row),
        new Wish(
            SliceRow.binding(row),
            new CodeRange(row.getLong("code_start"), row.getLong("code_end")),
            row.getBoolean("replaces"),
            row.getString("requested_by"),
            row.getString("actor"),
            Objects.requireNonNull(Columns.instant(row, "requested_at"))),
        new Standing(
            row.getInt("activating"),
            row.getInt("activated"),
            row.getInt("rejected"),
            row.getInt("replaced"),
            row.getLong("codes_activated"),
            row.getBoolean("blocked"),
            Columns.instant(row, "next_attempt_at"),
            LastError.parse(row.getString("last_error"))));
  }
}
