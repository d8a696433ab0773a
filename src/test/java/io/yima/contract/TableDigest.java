package io.yima.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.arc.Arc;
import io.yima.database.WorkerDatabase;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Sums up what the tables hold, so that a change of any row shows. Left out is what a mere look
 * changes, beside its request: when something was last used, and the trail of token reads. So are
 * the answers to Idempotency-Keys, which are kept of refused requests too.
 */
final class TableDigest {

  private static final String TABLES =
      """
      select c.relname as name, string_agg(quote_ident(a.attname), ', ' order by a.attnum) as columns,
        bool_or(a.attname = 'provider_id') as of_provider, bool_or(a.attname = 'action') as trail
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
        join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
      where n.nspname = 'public' and c.relkind = 'r'
        and c.relname not in ('flyway_schema_history', 'idempotency_key')
        and a.attname not in ('last_used_at', 'in_use')
      group by c.relname order by c.relname
      """;

  private final WorkerDatabase database = Arc.container().instance(WorkerDatabase.class).get();
  private final List<Table> tables = database.transaction(TableDigest::tables);

  /**
   * @param owner the column that says whose a row is; empty where none does
   * @param trail whether it has what was done, of which looking is a part
   */
  private record Table(String name, String columns, String owner, boolean trail) {

    String digest(String condition) {
      return "(select count(*) || ':' || coalesce(sum(hash_record_extended(row("
          + columns
          + "), 0)::numeric), 0) from "
          + name
          + " where "
          + (trail ? "action <> 'token.read'" : "true")
          + condition
          + ")";
    }
  }

  TableDigest() {
    assertThat(tables).extracting(Table::name).contains("provider", "code_application");
    assertThat(tables).filteredOn(table -> !table.owner().isEmpty()).hasSizeGreaterThan(8);
  }

  /** Of all rows of all tables. */
  Map<String, String> ofEverything() {
    return query(tables, "", List.of());
  }

  /** Of the rows of one provider. */
  Map<String, String> of(String componentAppid) {
    return ofRows("=", componentAppid);
  }

  /** Of the rows of all but one provider. */
  Map<String, String> ofAllBut(String componentAppid) {
    return ofRows("is distinct from", componentAppid);
  }

  private Map<String, String> ofRows(String comparison, String componentAppid) {
    return query(
        tables.stream().filter(table -> !table.owner().isEmpty()).toList(),
        " and %s " + comparison + " (select id from provider where component_appid = ?)",
        List.of(componentAppid));
  }

  private Map<String, String> query(List<Table> of, String condition, List<String> parameters) {
    String statement =
        of.stream()
            .map(table -> table.digest(condition.formatted(table.owner())))
            .collect(Collectors.joining(", ", "select ", ""));
    return database.transaction(
        connection -> {
          try (PreparedStatement prepared = connection.prepareStatement(statement)) {
            int i = 1;
            for (int table = 0; table < of.size(); table++) {
              for (String parameter : parameters) {
                prepared.setString(i++, parameter);
              }
            }
            return read(prepared, of);
          }
        });
  }

  private static Map<String, String> read(PreparedStatement prepared, List<Table> of)
      throws SQLException {
    try (ResultSet row = prepared.executeQuery()) {
      row.next();
      Map<String, String> digest = new LinkedHashMap<>();
      for (int i = 0; i < of.size(); i++) {
        digest.put(of.get(i).name(), row.getString(i + 1));
      }
      return digest;
    }
  }

  private static List<Table> tables(Connection connection) throws SQLException {
    List<Table> tables = new ArrayList<>();
    try (PreparedStatement select = connection.prepareStatement(TABLES);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        String name = row.getString("name");
        String owner =
            row.getBoolean("of_provider") ? "provider_id" : name.equals("provider") ? "id" : "";
        tables.add(new Table(name, row.getString("columns"), owner, row.getBoolean("trail")));
      }
    }
    return tables;
  }
}
