package io.yima.provider;

import io.yima.api.Page;
import io.yima.api.PageRequest;
import io.yima.api.PublicAddress;
import io.yima.database.WorkerDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * All providers by component_appid, page by page; with worker rights, because it is no tenant's.
 */
@ApplicationScoped
class ProviderList {

  private static final String PAGE =
      """
      select p.component_appid, p.name, p.status, c.return_url, p.created_at, p.archived_at
      from provider p join component c on c.provider_id = p.id
      where p.component_appid > ?
      order by p.component_appid
      limit ?
      """;

  private final WorkerDatabase database;
  private final PublicAddress address;

  ProviderList(WorkerDatabase database, PublicAddress address) {
    this.database = database;
    this.address = address;
  }

  Page<ProviderView> page(PageRequest request) {
    String after = request.after(List::getFirst).orElse("");
    List<ProviderRecord> found = find(after, request.limitPlusOne());
    return Page.of(found, request, provider -> List.of(provider.componentAppid()))
        .map(provider -> ProviderView.of(provider, address));
  }

  private List<ProviderRecord> find(String after, int limit) {
    return database.transaction(
        connection -> {
          try (PreparedStatement select = connection.prepareStatement(PAGE)) {
            select.setString(1, after);
            select.setInt(2, limit);
            return records(select);
          }
        });
  }

  private static List<ProviderRecord> records(PreparedStatement select) throws SQLException {
    List<ProviderRecord> records = new ArrayList<>();
    try (ResultSet row = select.executeQuery()) {
      while (row.next()) {
        records.add(
            new ProviderRecord(
                row.getString("component_appid"),
                row.getString("name"),
                Provider.Status.valueOf(row.getString("status")),
                row.getString("return_url"),
                ComponentRows.requiredInstant(row, "created_at"),
                ComponentRows.instant(row, "archived_at")));
      }
    }
    return records;
  }
}
