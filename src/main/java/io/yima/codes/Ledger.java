package io.yima.codes;

import io.yima.codes.CodeApplication.Order;
import io.yima.database.Columns;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.work.Lease;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The statements about one application. They run on either pool: every one names the provider, and
 * on the API's pool row level security looks over its shoulder.
 */
public final class Ledger {

  private static final String BY_KEY =
      " a.provider_id = ? and a.authorizer_appid = ? and a.isv_application_id = ? ";

  private static final String FIND =
      "select " + LedgerRow.COLUMNS + " from code_application a where" + BY_KEY;

  private static final String LOCK = FIND + "for no key update of a";

  private static final String FIND_BY_NUMBER =
      "select "
          + LedgerRow.COLUMNS
          + " from code_application a where a.provider_id = ? and a.application_id = ?"
          + " and a.authorizer_appid = ?";

  private static final String INSERT =
      """
      insert into code_application (
        provider_id, authorizer_appid, isv_application_id, code_count, label, state, requested_by,
        actor, requested_at, first_sent_at, progressed_at, next_sync_at, generation, lease_owner,
        lease_until, bucket)
      values (?, ?, ?, ?, ?, 'SUBMITTING', ?, ?, ?, ?, ?, ?, 1, ?, now() + ?::interval, ?)
      on conflict do nothing
      """;

  private static final String REOPEN =
      """
      update code_application a set
        code_count = ?, label = ?, state = 'SUBMITTING', requested_by = ?, actor = ?,
        requested_at = ?, first_sent_at = ?, progressed_at = ?, next_sync_at = ?,
        generation = a.generation + 1, lease_owner = ?, lease_until = now() + ?::interval,
        status = null, code_generate_list = '[]', create_time = null, update_time = null,
        submitted_at = null, finished_at = null, blocked = false, attempts = 0, last_error = null
      where"""
          + BY_KEY
          + "and a.state in ('REJECTED', 'WITHDRAWN') and a.generation = ? returning a.generation";

  private static final String WAKE =
      """
      update code_application a set next_sync_at = ?
      where"""
          + BY_KEY
          + """
      and a.state = 'SUBMITTING' and a.next_sync_at > ?
      and (a.lease_until is null or a.lease_until < now())
      """;

  private static final String WITHDRAW =
      """
      update code_application a set
        state = 'WITHDRAWN', next_sync_at = null, blocked = false, progressed_at = ?,
        generation = a.generation + 1
      where"""
          + BY_KEY
          + "and a.state = 'SUBMITTING' and a.first_sent_at is null";

  private Ledger() {}

  /** The application; empty where this merchant has no such one. */
  public static Optional<CodeApplication> find(Connection connection, ApplicationKey key)
      throws SQLException {
    return find(connection, FIND, key);
  }

  /** {@link #find(Connection, ApplicationKey)} in a transaction of its own, in one round trip. */
  public static Optional<CodeApplication> find(
      ProviderTransactions transactions, ApplicationKey key) {
    return transactions.query(key.provider(), FIND, key::bind, Ledger::first);
  }

  /** {@link #find}; nobody else changes the application until this transaction ends. */
  public static Optional<CodeApplication> lock(Connection connection, ApplicationKey key)
      throws SQLException {
    return find(connection, LOCK, key);
  }

  private static Optional<CodeApplication> find(
      Connection connection, String statement, ApplicationKey key) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(statement)) {
      key.bind(select, 1);
      try (ResultSet row = select.executeQuery()) {
        return first(row);
      }
    }
  }

  /** A merchant's application by WeChat's number, in one round trip. */
  public static Optional<CodeApplication> findByNumber(
      ProviderTransactions transactions, AuthorizerId authorizer, long applicationId) {
    return transactions.query(
        authorizer.provider(),
        FIND_BY_NUMBER,
        (query, first) -> {
          query.setObject(first, authorizer.provider().value());
          query.setLong(first + 1, applicationId);
          query.setString(first + 2, authorizer.authorizerAppid());
        },
        Ledger::first);
  }

  private static Optional<CodeApplication> first(ResultSet rows) throws SQLException {
    return rows.next() ? Optional.of(LedgerRow.read(rows)) : Optional.empty();
  }

  /** Stores a new order under this holder's lease; false when the id is taken. */
  static boolean insert(
      Connection connection,
      ApplicationKey key,
      Order order,
      Progress progress,
      String holder,
      Lease lease)
      throws SQLException {
    try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
      int next = key.bind(insert, 1);
      next = bindOrder(insert, next, order);
      next = bindTimes(insert, next, order.requestedAt(), progress.sync().nextSyncAt());
      insert.setString(next++, holder);
      insert.setString(next++, lease.interval());
      insert.setShort(next, key.authorizer().bucket());
      return insert.executeUpdate() == 1;
    }
  }

  /** Makes a refused or withdrawn order a new one; gives its generation unless it has moved on. */
  static OptionalLong reopen(
      Connection connection,
      CodeApplication former,
      Order order,
      Progress progress,
      String holder,
      Lease lease)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(REOPEN)) {
      int next = bindOrder(update, 1, order);
      next = bindTimes(update, next, order.requestedAt(), progress.sync().nextSyncAt());
      update.setString(next++, holder);
      update.setString(next++, lease.interval());
      next = former.key().bind(update, next);
      update.setLong(next, former.generation());
      try (ResultSet row = update.executeQuery()) {
        return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
      }
    }
  }

  /** Makes an unconfirmed order due; false when it is already, or somebody is at it. */
  static boolean wake(Connection connection, ApplicationKey key, Instant now) throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(WAKE)) {
      update.setObject(1, Columns.of(now));
      int next = key.bind(update, 2);
      update.setObject(next, Columns.of(now));
      return update.executeUpdate() == 1;
    }
  }

  /** Takes an order back; false when something was sent, or is about to be. */
  static boolean withdraw(Connection connection, ApplicationKey key, Instant now)
      throws SQLException {
    try (PreparedStatement update = connection.prepareStatement(WITHDRAW)) {
      update.setObject(1, Columns.of(now));
      key.bind(update, 2);
      return update.executeUpdate() == 1;
    }
  }

  private static int bindOrder(PreparedStatement statement, int position, Order order)
      throws SQLException {
    statement.setLong(position, order.codeCount());
    statement.setString(position + 1, order.label());
    statement.setString(position + 2, order.requestedBy());
    statement.setString(position + 3, order.actor());
    return position + 4;
  }

  /** requested_at, first_sent_at, progressed_at and next_sync_at of an order just made. */
  private static int bindTimes(
      PreparedStatement statement, int position, Instant now, @Nullable Instant nextSyncAt)
      throws SQLException {
    statement.setObject(position, Columns.of(now));
    statement.setObject(position + 1, Columns.of(now));
    statement.setObject(position + 2, Columns.of(now));
    statement.setObject(position + 3, Columns.of(nextSyncAt));
    return position + 4;
  }
}
