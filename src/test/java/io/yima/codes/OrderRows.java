package io.yima.codes;

import io.yima.authorizer.AuthorizerStatus;
import io.yima.database.Columns;
import io.yima.database.WorkerDatabase;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderId;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** Orders as they stand in the database, and what only a test does to them. */
final class OrderRows {

  private static final String MERCHANT =
      """
      insert into authorizer (provider_id, authorizer_appid, status, mini_program, service_type,
        permission_sets, authorized_at, version)
      values (?, ?, 'ACTIVE', false, 2, '{1,46}', now(), 0)
      """;

  private static final String READ =
      "select "
          + LedgerRow.COLUMNS
          + " from code_application a where a.provider_id = ? and a.authorizer_appid = any(?)";

  private static final String QUOTA =
      """
      select authorizer_appid || '/' || api as name, blocked_until, slow_downs from api_quota
      where provider_id = ? and authorizer_appid = any(?) and blocked_until is not null
      """;

  private static final String STEPS =
      """
      select distinct coalesce(from_state, 'NONE') || ' to ' || to_state as step
      from code_application_event where provider_id = ? and authorizer_appid = any(?)
      """;

  private static final String OF = " where provider_id = ? and authorizer_appid = ?";

  private final WorkerDatabase database;
  private final ProviderId provider;

  OrderRows(WorkerDatabase database, ProviderId provider) {
    this.database = database;
    this.provider = provider;
  }

  /** A service account that granted everything orders need. */
  void merchant(String appid) {
    change(MERCHANT, provider.value(), appid);
  }

  void status(String appid, AuthorizerStatus status) {
    change("update authorizer set status = ?" + OF, status.name(), provider.value(), appid);
  }

  /** As if the lease had run out; its holder does not know. */
  void endLease(ApplicationKey key) {
    change(
        "update code_application set lease_until = now() - interval '1 second'"
            + OF
            + " and isv_application_id = ?",
        provider.value(),
        key.authorizer().authorizerAppid(),
        key.isvApplicationId());
  }

  /** In place of an instant that production drew at random. */
  void pin(ApplicationKey key, Instant next) {
    change(
        "update code_application set next_sync_at = ?" + OF + " and isv_application_id = ?",
        Columns.of(next),
        provider.value(),
        key.authorizer().authorizerAppid(),
        key.isvApplicationId());
  }

  void leaveAlone(Collection<String> appids) {
    for (String appid : appids) {
      change("update code_application set next_sync_at = null" + OF, provider.value(), appid);
    }
  }

  /** Leaves everybody's orders alone. */
  void forgetAll() {
    change("update code_application set next_sync_at = null where next_sync_at is not null");
  }

  Map<ApplicationKey, CodeApplication> read(Collection<String> appids) {
    Map<ApplicationKey, CodeApplication> read = new HashMap<>();
    query(READ, appids, row -> read.put(ApplicationKey.read(row), LedgerRow.read(row)));
    return read;
  }

  /** By merchant and interface, until when its quota is used up or its calls pause. */
  Map<String, OrderModel.Block> blocks(Collection<String> appids) {
    Map<String, OrderModel.Block> blocks = new HashMap<>();
    query(
        QUOTA,
        appids,
        row ->
            blocks.put(
                row.getString("name"),
                new OrderModel.Block(
                    Columns.instant(row, "blocked_until"), row.getInt("slow_downs"))));
    return blocks;
  }

  /** Which states followed upon which, as the history tells. */
  Set<String> steps(Collection<String> appids) {
    Set<String> steps = new HashSet<>();
    query(STEPS, appids, row -> steps.add(row.getString("step")));
    return steps;
  }

  boolean has(AuthorizerId authorizer, String isvApplicationId) {
    return read(Set.of(authorizer.authorizerAppid()))
        .containsKey(new ApplicationKey(authorizer, isvApplicationId));
  }

  @FunctionalInterface
  private interface Rows {
    void take(ResultSet row) throws SQLException;
  }

  private void query(String query, Collection<String> appids, Rows rows) {
    database.transaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(query)) {
            select.setObject(1, provider.value());
            select.setArray(2, connection.createArrayOf("text", appids.toArray()));
            try (ResultSet result = select.executeQuery()) {
              while (result.next()) {
                rows.take(result);
              }
            }
            return true;
          }
        });
  }

  private void change(String change, Object... values) {
    database.transaction(
        connection -> {
          try (PreparedStatement statement = connection.prepareStatement(change)) {
            for (int i = 0; i < values.length; i++) {
              statement.setObject(i + 1, values[i]);
            }
            return statement.executeUpdate();
          }
        });
  }
}
