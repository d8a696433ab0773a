package io.yima.authorizer;

import io.agroal.api.AgroalDataSource;
import io.yima.api.Page;
import io.yima.api.PageRequest;
import io.yima.authorizer.Drift.Change;
import io.yima.database.Columns;
import io.yima.database.DatabaseFailed;
import io.yima.database.Ids;
import io.yima.tenancy.AuthorizerId;
import io.yima.tenancy.ProviderTransactions;
import io.yima.work.Node;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What comparisons with WeChat found of merchants: their append-only history. */
@ApplicationScoped
class AuthorizerHistory {

  /** An entry as it was stored. */
  record Stored(
      UUID id, Instant at, String kind, String from, String to, String foundBy, String node) {}

  private static final String APPEND =
      """
      insert into authorizer_event (
        provider_id, id, authorizer_appid, at, kind, from_value, to_value, found_by, node)
      values (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """;

  private static final String PAGE =
      """
      select id, at, kind, from_value, to_value, found_by, node from authorizer_event
      where provider_id = ? and authorizer_appid = ? and (?::uuid is null or id > ?::uuid)
      order by id limit ?
      """;

  private final AgroalDataSource api;
  private final ProviderTransactions transactions;
  private final Event<PermissionsDrifted> drifted;
  private final Node node;

  AuthorizerHistory(
      AgroalDataSource api,
      ProviderTransactions transactions,
      Event<PermissionsDrifted> drifted,
      Node node) {
    this.api = api;
    this.transactions = transactions;
    this.drifted = drifted;
    this.node = node;
  }

  /**
   * Stores what is other than it was known to be, and fires {@link PermissionsDrifted}, in the
   * API's transaction that the calling thread is in.
   */
  void tell(AuthorizerId id, Drift drift, FoundBy foundBy, Instant now) {
    append(id, drift.changes(), foundBy, now);
    if (drift.ofPermissionSets()) {
      drifted.fire(
          new PermissionsDrifted(
              id, drift.before().permissionSets(), drift.after().permissionSets(), now));
    }
  }

  private void append(AuthorizerId id, List<Change> changes, FoundBy foundBy, Instant now) {
    if (changes.isEmpty()) {
      return;
    }
    try (Connection connection = api.getConnection();
        PreparedStatement insert = connection.prepareStatement(APPEND)) {
      for (Change change : changes) {
        insert.setObject(1, id.provider().value());
        insert.setObject(2, Ids.next());
        insert.setString(3, id.authorizerAppid());
        insert.setObject(4, Columns.of(now));
        insert.setString(5, change.kind().name().toLowerCase(Locale.ROOT));
        insert.setString(6, change.from());
        insert.setString(7, change.to());
        insert.setString(8, foundBy.word());
        insert.setString(9, node.name());
        insert.addBatch();
      }
      insert.executeBatch();
    } catch (SQLException e) {
      throw new DatabaseFailed(e);
    }
  }

  /** Oldest first. */
  Page<Stored> page(AuthorizerId id, PageRequest page) {
    UUID after = page.after(key -> UUID.fromString(key.getFirst())).orElse(null);
    List<Stored> rows =
        transactions.withConnection(
            id.provider(), connection -> rows(connection, id, after, page.limitPlusOne()));
    return Page.of(rows, page, row -> List.of(row.id().toString()));
  }

  private static List<Stored> rows(
      Connection connection, AuthorizerId id, @Nullable UUID after, int limit) throws SQLException {
    try (PreparedStatement select = connection.prepareStatement(PAGE)) {
      select.setObject(1, id.provider().value());
      select.setString(2, id.authorizerAppid());
      select.setObject(3, after);
      select.setObject(4, after);
      select.setInt(5, limit);
      List<Stored> rows = new ArrayList<>();
      try (ResultSet row = select.executeQuery()) {
        while (row.next()) {
          rows.add(
              new Stored(
                  row.getObject("id", UUID.class),
                  Objects.requireNonNull(Columns.instant(row, "at")),
                  row.getString("kind"),
                  row.getString("from_value"),
                  row.getString("to_value"),
                  row.getString("found_by"),
                  row.getString("node")));
        }
      }
      return rows;
    }
  }
}
