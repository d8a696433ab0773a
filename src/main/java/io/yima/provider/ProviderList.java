package io.yima.provider;

import io.yima.api.Problems;
import io.yima.api.PublicAddress;
import io.yima.database.WorkerDatabase;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
  private static final int DEFAULT_LIMIT = 50;
  private static final int MAX_LIMIT = 500;

  private final WorkerDatabase database;
  private final PublicAddress address;

  ProviderList(WorkerDatabase database, PublicAddress address) {
    this.database = database;
    this.address = address;
  }

  /** A page, and the cursor of the next one if there is one. */
  record Page(List<ProviderView> items, @Nullable String next) {}

  Page page(@Nullable String limitText, @Nullable String after) {
    int limit = limit(limitText);
    // One more than asked for tells whether there is a next page.
    List<ProviderRecord> found = find(after == null ? "" : position(after), limit + 1);
    List<ProviderRecord> shown = found.subList(0, Math.min(limit, found.size()));
    String next = found.size() > limit ? cursor(shown.getLast().componentAppid()) : null;
    return new Page(shown.stream().map(one -> ProviderView.of(one, address)).toList(), next);
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

  private static int limit(@Nullable String text) {
    if (text == null) {
      return DEFAULT_LIMIT;
    }
    try {
      int limit = Integer.parseInt(text);
      if (limit >= 1 && limit <= MAX_LIMIT) {
        return limit;
      }
    } catch (NumberFormatException e) {
      // Told below.
    }
    throw Problems.invalid("limit", "must be a number from 1 to " + MAX_LIMIT);
  }

  private static String cursor(String componentAppid) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(componentAppid.getBytes(StandardCharsets.UTF_8));
  }

  private static String position(String cursor) {
    try {
      String position = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      if (position.indexOf('\0') < 0) {
        return position;
      }
    } catch (IllegalArgumentException e) {
      // Told below.
    }
    throw Problems.invalid("after", "must be the next of a former page");
  }
}
