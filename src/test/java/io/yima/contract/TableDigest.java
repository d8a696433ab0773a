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
      select c.relname, exists (select 1 from pg_attribute a
          where a.attrelid = c.oid and a.attname = 'provider_id' and not a.attisdropped)
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname = 'public' and c.relkind = 'r'
        and c.relname not in ('flyway_schema_history', 'idempotency_key')
      order by c.relname
      """;

  private static final String SUM =
      "count(*) || ':' || coalesce(sum(hashtextextended((to_jsonb(t) - 'last_used_at' - 'in_use')::text, 0)"
          + "::numeric), 0)";

  private static final String COUNTED =
      " t where to_jsonb(t) ->> 'action' is distinct from 'token.read'";

  private final WorkerDatabase database = Arc.container().instance(WorkerDatabase.class).get();
  private final Map<String, String> providerColumns = database.transaction(TableDigest::tables);

  /** Of all rows of all tables. */
  Map<String, String> ofEverything() {
    return query(table -> "select " + SUM + " from " + table + COUNTED, List.of());
  }

  /** Of the rows of one provider. */
  Map<String, String> of(String componentAppid) {
    return ofRows("= (select id from provider where component_appid = ?)", componentAppid);
  }

  /** Of the rows of all but one provider. */
  Map<String, String> ofAllBut(String componentAppid) {
    return ofRows(
        "is distinct from (select id from provider where component_appid = ?)", componentAppid);
  }

  private Map<String, String> ofRows(String condition, String componentAppid) {
    List<String> tables =
        providerColumns.entrySet().stream()
            .filter(table -> !table.getValue().isEmpty())
            .map(Map.Entry::getKey)
            .toList();
    assertThat(tables).hasSizeGreaterThan(8);
    return query(
        table ->
            tables.contains(table)
                ? "select "
                    + SUM
                    + " from "
                    + table
                    + COUNTED
                    + " and t."
                    + providerColumns.get(table)
                    + " "
                    + condition
                : "",
        List.of(componentAppid));
  }

  private Map<String, String> query(
      java.util.function.UnaryOperator<String> select, List<String> parameters) {
    List<String> tables =
        providerColumns.keySet().stream().filter(table -> !select.apply(table).isEmpty()).toList();
    String statement =
        tables.stream()
            .map(table -> "(" + select.apply(table) + ")")
            .collect(Collectors.joining(", ", "select ", ""));
    return database.transaction(
        connection -> {
          try (PreparedStatement prepared = connection.prepareStatement(statement)) {
            int i = 1;
            for (int table = 0; table < tables.size(); table++) {
              for (String parameter : parameters) {
                prepared.setString(i++, parameter);
              }
            }
            return read(prepared, tables);
          }
        });
  }

  private static Map<String, String> read(PreparedStatement prepared, List<String> tables)
      throws SQLException {
    try (ResultSet row = prepared.executeQuery()) {
      row.next();
      Map<String, String> digest = new LinkedHashMap<>();
      for (int i = 0; i < tables.size(); i++) {
        digest.put(tables.get(i), row.getString(i + 1));
      }
      return digest;
    }
  }

  private static Map<String, String> tables(Connection connection) throws SQLException {
    Map<String, String> columns = new LinkedHashMap<>();
    try (PreparedStatement select = connection.prepareStatement(TABLES);
        ResultSet row = select.executeQuery()) {
      while (row.next()) {
        String table = row.getString(1);
        columns.put(
            table, row.getBoolean(2) ? "provider_id" : table.equals("provider") ? "id" : "");
      }
    }
    assertThat(new ArrayList<>(columns.keySet())).contains("provider", "code_application");
    return columns;
  }
}
