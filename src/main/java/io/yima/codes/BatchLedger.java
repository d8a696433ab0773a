package io.yima.codes;

import io.yima.database.ColumnArrays;
import io.yima.database.Columns;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The statements about many applications of one provider at once, one round trip each however many
 * there are. Rows are locked in one order, that of {@link LedgerRecords}, so that nobody who has
 * some of the same waits for them in a circle.
 */
final class BatchLedger {

  private static final String SAME_KEY =
      """
      a.provider_id = ? and a.authorizer_appid = o.authorizer_appid
        and a.isv_application_id = o.isv_application_id
      """;

  private static final String KEYS =
      "returning a.provider_id, a.authorizer_appid, a.isv_application_id";

  /** Due at once, under nobody's lease: nothing was sent, so the orders can still be withdrawn. */
  private static final String INSERT =
      """
      insert into code_application as a (
        provider_id, requested_by, actor, requested_at, progressed_at, next_sync_at, state,
        authorizer_appid, isv_application_id, code_count, label, bucket)
      select ?::uuid, ?::text, ?::text, v.now, v.now, v.now, 'SUBMITTING', o.*
      from (values (?::timestamptz)) as v(now)
        cross join unnest(?::text[], ?::text[], ?::bigint[], ?::text[], ?::smallint[])
          as o(authorizer_appid, isv_application_id, code_count, label, bucket)
      order by o.authorizer_appid, o.isv_application_id
      on conflict on constraint code_application_pkey do nothing
      """
          + KEYS;

  private static final String FIND =
      "select "
          + LedgerRow.COLUMNS
          + " from unnest(?::text[], ?::text[]) as o(authorizer_appid, isv_application_id)"
          + " join code_application a on "
          + SAME_KEY;

  private static final String LOCKED =
      """
      order by a.provider_id, a.authorizer_appid, a.isv_application_id
        for no key update of a)
      """;

  private static final String OF_LOCKED =
      """
      where a.provider_id = o.provider_id and a.authorizer_appid = o.authorizer_appid
        and a.isv_application_id = o.isv_application_id
      """;

  private static final String REOPEN =
      """
      with o as materialized (
        select a.provider_id, o.* from unnest(?::text[], ?::text[], ?::bigint[], ?::text[], ?::bigint[])
            as o(authorizer_appid, isv_application_id, code_count, label, generation)
          join code_application a on
      """
          + SAME_KEY
          + "where a.state in ('REJECTED', 'WITHDRAWN') and a.generation = o.generation\n"
          + LOCKED
          + """
      update code_application a set
        code_count = o.code_count, label = o.label, state = 'SUBMITTING', requested_by = ?,
        actor = ?, requested_at = v.now, first_sent_at = null, progressed_at = v.now,
        next_sync_at = v.now, generation = a.generation + 1, lease_owner = null,
        lease_until = null, status = null, code_generate_list = '[]', create_time = null,
        update_time = null, submitted_at = null, finished_at = null, blocked = false,
        attempts = 0, last_error = null
      from o cross join (values (?::timestamptz)) as v(now)
      """
          + OF_LOCKED
          + KEYS;

  private static final String WAKE =
      """
      with o as materialized (
        select a.provider_id, o.*
        from unnest(?::text[], ?::text[]) as o(authorizer_appid, isv_application_id)
          join code_application a on
      """
          + SAME_KEY
          + """
      where a.state = 'SUBMITTING' and a.next_sync_at > ?
        and (a.lease_until is null or a.lease_until < now())
      """
          + LOCKED
          + "update code_application a set next_sync_at = ? from o\n"
          + OF_LOCKED
          + KEYS;

  private BatchLedger() {}

  /** Stores those whose ids are free; gives them. All are of one request. */
  static Set<ApplicationKey> insert(Connection connection, List<PlacedOrder> orders)
      throws SQLException {
    if (orders.isEmpty()) {
      return Set.of();
    }
    CodeApplication.Order first = orders.getFirst().order();
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      insert.setObject(1, orders.getFirst().key().provider().value());
      insert.setString(2, first.requestedBy());
      insert.setString(3, first.actor());
      insert.setObject(4, Columns.of(first.requestedAt()));
      new ColumnArrays<>(connection, insert, orders, 4)
          .add("text", one -> one.key().authorizer().authorizerAppid())
          .add("text", one -> one.key().isvApplicationId())
          .add("bigint", one -> one.order().codeCount())
          .add("text", one -> one.order().label())
          .add("smallint", one -> one.key().authorizer().bucket());
      return keys(insert);
    }
  }

  static Map<ApplicationKey, CodeApplication> find(Connection connection, List<PlacedOrder> orders)
      throws SQLException {
    Map<ApplicationKey, CodeApplication> found = new HashMap<>();
    if (orders.isEmpty()) {
      return found;
    }
    try (PreparedStatement select = connection.prepareStatement(FIND)) {
      bindKeys(connection, select, orders, 0);
      select.setObject(3, orders.getFirst().key().provider().value());
      try (ResultSet rows = select.executeQuery()) {
        while (rows.next()) {
          CodeApplication application = LedgerRow.read(rows);
          found.put(application.key(), application);
        }
      }
    }
    return found;
  }

  /** Makes refused and withdrawn orders new ones; gives those that had not moved on. */
  static Set<ApplicationKey> reopen(
      Connection connection, List<PlacedOrder> orders, Map<ApplicationKey, CodeApplication> former)
      throws SQLException {
    if (orders.isEmpty()) {
      return Set.of();
    }
    CodeApplication.Order first = orders.getFirst().order();
    try (PreparedStatement update = connection.prepareStatement(REOPEN)) {
      new ColumnArrays<>(connection, update, orders, 0)
          .add("text", one -> one.key().authorizer().authorizerAppid())
          .add("text", one -> one.key().isvApplicationId())
          .add("bigint", one -> one.order().codeCount())
          .add("text", one -> one.order().label())
          .add("bigint", one -> generation(former, one));
      update.setObject(6, orders.getFirst().key().provider().value());
      update.setString(7, first.requestedBy());
      update.setString(8, first.actor());
      update.setObject(9, Columns.of(first.requestedAt()));
      return keys(update);
    }
  }

  private static @Nullable Object generation(
      Map<ApplicationKey, CodeApplication> former, PlacedOrder order) {
    CodeApplication application = former.get(order.key());
    return application == null ? null : application.generation();
  }

  /** Makes unconfirmed orders due; gives those that were not and that nobody was at. */
  static Set<ApplicationKey> wake(Connection connection, List<PlacedOrder> orders)
      throws SQLException {
    if (orders.isEmpty()) {
      return Set.of();
    }
    try (PreparedStatement update = connection.prepareStatement(WAKE)) {
      Instant now = orders.getFirst().order().requestedAt();
      bindKeys(connection, update, orders, 0);
      update.setObject(3, orders.getFirst().key().provider().value());
      update.setObject(4, Columns.of(now));
      update.setObject(5, Columns.of(now));
      return keys(update);
    }
  }

  private static void bindKeys(
      Connection connection, PreparedStatement statement, List<PlacedOrder> orders, int bound)
      throws SQLException {
    new ColumnArrays<>(connection, statement, orders, bound)
        .add("text", one -> one.key().authorizer().authorizerAppid())
        .add("text", one -> one.key().isvApplicationId());
  }

  private static Set<ApplicationKey> keys(PreparedStatement statement) throws SQLException {
    Set<ApplicationKey> keys = new HashSet<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        keys.add(ApplicationKey.read(rows));
      }
    }
    return keys;
  }
}
